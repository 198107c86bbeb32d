"""Sentences for the Security channel: policy, directory, shares, network, devices, and the log itself.

See ``messages`` for the form of the table.
"""

from __future__ import annotations

TABLE = """
[security-auditing]
4816 A remote call arrived damaged and could not be checked
     收到的远程调用损坏，完整性校验失败
4817 {SubjectUserName} changed the auditing of {ObjectName}
     {SubjectUserName} 更改了 {ObjectName} 的审核设置
4825 Remote desktop refused {AccountName}[ from {ClientAddress}]: not in a permitted group
     拒绝 {AccountName} 使用远程桌面[，来自 {ClientAddress}]：不在允许的组中
4826 The settings for starting Windows were loaded
     已加载 Windows 启动配置
4886 {Requester|SubjectUserName} asked for a certificate, request {RequestId}
     {Requester|SubjectUserName} 申请了证书，申请号 {RequestId}
4887 A certificate was issued to {Requester|SubjectUserName}, request {RequestId}
     已向 {Requester|SubjectUserName} 颁发证书，申请号 {RequestId}
4888 A certificate was refused to {Requester|SubjectUserName}, request {RequestId}
     拒绝向 {Requester|SubjectUserName} 颁发证书，申请号 {RequestId}
4902 The list of auditing rules for single users was made
     已创建按用户的审核策略表
4904 {SubjectUserName} registered the event source {AuditSourceName}
     {SubjectUserName} 注册了事件来源 {AuditSourceName}
4905 {SubjectUserName} removed the event source {AuditSourceName}
     {SubjectUserName} 注销了事件来源 {AuditSourceName}
4906 The setting to halt when auditing fails is now {CrashOnAuditFailValue}
     “审核失败时停机”的设置现为 {CrashOnAuditFailValue}
4907 {SubjectUserName} changed the auditing of {ObjectName}[ with {ProcessName}]
     {SubjectUserName} 更改了 {ObjectName} 的审核设置[，程序 {ProcessName}]
4908 The list of groups with special sign-in was changed
     特殊登录组的列表已更改
4912 {SubjectUserName} changed what is audited for one user
     {SubjectUserName} 更改了单个用户的审核策略
4944 The firewall started with the profile {ProfileUsed|ActiveProfile}
     防火墙已启动，配置文件 {ProfileUsed|ActiveProfile}
4945 Firewall rule in force at start: {RuleName}
     启动时生效的防火墙规则：{RuleName}
4946 Firewall rule added: {RuleName}
     已添加防火墙规则：{RuleName}
4947 Firewall rule changed: {RuleName}
     已修改防火墙规则：{RuleName}
4948 Firewall rule deleted: {RuleName}
     已删除防火墙规则：{RuleName}
4949 The firewall was set back to its defaults
     防火墙已恢复默认设置
4950 Firewall setting changed: {SettingType} = {SettingValue}
     防火墙设置已更改：{SettingType} = {SettingValue}
4956 The firewall's active profile is now {ActiveProfile}
     防火墙当前配置文件现为 {ActiveProfile}
4957 A firewall rule could not be applied: {RuleName}
     未能应用防火墙规则：{RuleName}
4964 {TargetUserName} signed in and belongs to a watched group
     {TargetUserName} 已登录，属于受关注的组
4985 The state of a transaction changed[ ({ProcessName})]
     事务状态已改变[（{ProcessName}）]
5024 The firewall service started
     防火墙服务已启动
5025 The firewall service stopped
     防火墙服务已停止
5027 The firewall could not read its local policy
     防火墙无法读取本地策略
5030 The firewall service could not start
     防火墙服务启动失败
5031 The firewall kept {Application} from accepting connections
     防火墙阻止 {Application} 接受连接
5038 The signature of {param1} is wrong: the file is damaged or was changed
     {param1} 的签名无效：文件损坏或被改动
5056 A self-test of the cryptography was run
     已执行加密自检
5058 {SubjectUserName} worked on the key file {KeyFilePath|KeyName}
     {SubjectUserName} 操作了密钥文件 {KeyFilePath|KeyName}
5059 {SubjectUserName} moved the key {KeyName} in or out
     {SubjectUserName} 导入或导出了密钥 {KeyName}
5061 {SubjectUserName} used the key {KeyName}
     {SubjectUserName} 使用了密钥 {KeyName}
5136 {SubjectUserName} changed {ObjectDN}[: {AttributeLDAPDisplayName} = {AttributeValue}]
     {SubjectUserName} 修改了 {ObjectDN}[：{AttributeLDAPDisplayName} = {AttributeValue}]
5137 {SubjectUserName} created the directory object {ObjectDN}
     {SubjectUserName} 创建了目录对象 {ObjectDN}
5138 {SubjectUserName} restored the directory object {NewObjectDN|ObjectDN}
     {SubjectUserName} 还原了目录对象 {NewObjectDN|ObjectDN}
5139 {SubjectUserName} moved {OldObjectDN} to {NewObjectDN}
     {SubjectUserName} 将 {OldObjectDN} 移到 {NewObjectDN}
5140 {SubjectUserName} opened the share {ShareName}[ from {IpAddress}]
     {SubjectUserName} 访问了共享 {ShareName}[，来自 {IpAddress}]
5141 {SubjectUserName} deleted the directory object {ObjectDN}
     {SubjectUserName} 删除了目录对象 {ObjectDN}
5142 {SubjectUserName} created the share {ShareName}[ of {ShareLocalPath}]
     {SubjectUserName} 创建了共享 {ShareName}[，路径 {ShareLocalPath}]
5143 {SubjectUserName} changed the share {ShareName}
     {SubjectUserName} 修改了共享 {ShareName}
5144 {SubjectUserName} removed the share {ShareName}
     {SubjectUserName} 删除了共享 {ShareName}
5145 {SubjectUserName} opened {RelativeTargetName} on {ShareName}[ from {IpAddress}]
     {SubjectUserName} 打开了 {ShareName} 上的 {RelativeTargetName}[，来自 {IpAddress}]
5148 The network filter met a flood of packets and is defending itself
     网络筛选平台检测到拒绝服务攻击，已进入防御
5152 Packet dropped: {SourceAddress}:{SourcePort} to {DestAddress}:{DestPort}[ ({Protocol:protocol})]
     已丢弃数据包：{SourceAddress}:{SourcePort} 到 {DestAddress}:{DestPort}[（{Protocol:protocol}）]
5154 {Application} may listen on port {SourcePort}
     允许 {Application} 监听端口 {SourcePort}
5155 {Application} was kept from listening on port {SourcePort}
     阻止 {Application} 监听端口 {SourcePort}
5156 {Application}: connection {SourceAddress}:{SourcePort} to {DestAddress}:{DestPort} permitted
     {Application}：允许连接 {SourceAddress}:{SourcePort} 到 {DestAddress}:{DestPort}
5157 {Application}: connection {SourceAddress}:{SourcePort} to {DestAddress}:{DestPort} blocked
     {Application}：阻止连接 {SourceAddress}:{SourcePort} 到 {DestAddress}:{DestPort}
5158 {Application} may use the local port {SourcePort}
     允许 {Application} 使用本地端口 {SourcePort}
5159 {Application} was kept from using the local port {SourcePort}
     阻止 {Application} 使用本地端口 {SourcePort}
5376 {SubjectUserName} backed up stored credentials
     {SubjectUserName} 备份了已保存的凭据
5377 {SubjectUserName} restored stored credentials from a backup
     {SubjectUserName} 从备份恢复了已保存的凭据
5379 {SubjectUserName} read stored credentials[ for {TargetName}]
     {SubjectUserName} 读取了已保存的凭据[，目标 {TargetName}]
5381 {SubjectUserName} listed the credentials in the vault
     {SubjectUserName} 列出了保管库中的凭据
5382 {SubjectUserName} read a credential from the vault[: {Resource}]
     {SubjectUserName} 读取了保管库中的凭据[：{Resource}]
5447 A filter of the network platform was changed[: {FilterName}]
     网络筛选平台的筛选器已更改[：{FilterName}]
5632 {SubjectUserName} asked to join the wireless network {SSID}
     {SubjectUserName} 请求加入无线网络 {SSID}
5633 {SubjectUserName} asked to join a wired network[ on {InterfaceName}]
     {SubjectUserName} 请求加入有线网络[，接口 {InterfaceName}]
6272 The network policy server let {SubjectUserName} in[ from {CallingStationID}]
     网络策略服务器允许 {SubjectUserName} 接入[，来自 {CallingStationID}]
6273 The network policy server refused {SubjectUserName}[ from {CallingStationID}][: {Reason}]
     网络策略服务器拒绝 {SubjectUserName} 接入[，来自 {CallingStationID}][：{Reason}]
6281 A page of {param1} does not match its signature
     {param1} 的内存页与签名不符
6416 New device connected: {DeviceDescription|DeviceId}[ ({ClassName})]
     已连接新设备：{DeviceDescription|DeviceId}[（{ClassName}）]
6419 {SubjectUserName} asked to disable the device {DeviceDescription|DeviceId}
     {SubjectUserName} 请求禁用设备 {DeviceDescription|DeviceId}
6420 Device disabled: {DeviceDescription|DeviceId}
     设备已禁用：{DeviceDescription|DeviceId}
6421 {SubjectUserName} asked to enable the device {DeviceDescription|DeviceId}
     {SubjectUserName} 请求启用设备 {DeviceDescription|DeviceId}
6422 Device enabled: {DeviceDescription|DeviceId}
     设备已启用：{DeviceDescription|DeviceId}
6423 Policy forbids installing the device {DeviceDescription|DeviceId}
     策略禁止安装设备 {DeviceDescription|DeviceId}
6424 The device {DeviceDescription|DeviceId} was installed although policy had forbidden it before
     此前被策略禁止的设备 {DeviceDescription|DeviceId} 现已获准安装

[eventlog]
104 {SubjectUserName} cleared the log {LogFileCleared_Channel|Channel}
    {SubjectUserName} 清除了日志 {LogFileCleared_Channel|Channel}
105 The log was backed up automatically[ to {BackupPath}]
    日志已自动备份[到 {BackupPath}]
1100 The event log service shut down
     事件日志服务已关闭
1101 Audit events were lost before they could be written
     审核事件在写入前丢失
1102 {SubjectUserName} cleared the security log
     {SubjectUserName} 清除了安全日志
1104 The security log is full
     安全日志已满
1105 The security log was backed up automatically[ to {BackupPath}]
     安全日志已自动备份[到 {BackupPath}]
1108 An event could not be written to the log[: {PublisherName}]
     有事件未能写入日志[：{PublisherName}]
6005 The event log service started: the computer came up
     事件日志服务已启动：计算机已开机
6006 The event log service stopped: the computer is shutting down in order
     事件日志服务已停止：计算机正常关机
6008 The computer had stopped without shutting down[, last seen {Data2} {Data1}]
     上次关机并非正常关机[，最后时间 {Data2} {Data1}]
6009 Windows started, version {Data1} {Data2}
     Windows 已启动，版本 {Data1} {Data2}
6011 The computer's name was changed from {Data1} to {Data2}
     计算机名由 {Data1} 改为 {Data2}
6013 The computer has been running for {Data5} seconds
     计算机已运行 {Data5} 秒
"""
