"""Sentences for antivirus, remote access, firewall, transfers, printing and program control. See ``messages``."""

from __future__ import annotations

TABLE = """
[windows defender]
1000 Antivirus scan started[: {ScanType}]
     防病毒扫描已开始[：{ScanType}]
1001 Antivirus scan finished[: {ScanType}]
     防病毒扫描已完成[：{ScanType}]
1002 Antivirus scan stopped before its end
     防病毒扫描提前停止
1005 Antivirus scan failed[: {ErrorDescription}]
     防病毒扫描失败[：{ErrorDescription}]
1006 Malware found: {ThreatName}[ in {Path}]
     发现恶意软件：{ThreatName}[，位置 {Path}]
1007 Action against {ThreatName}: {ActionName|CleaningAction}
     对 {ThreatName} 采取了措施：{ActionName|CleaningAction}
1008 The action against {ThreatName} failed[: {ErrorDescription}]
     对 {ThreatName} 采取的措施失败[：{ErrorDescription}]
1009 {ThreatName} was brought back from quarantine
     {ThreatName} 已从隔离区恢复
1011 {ThreatName} was deleted from quarantine
     {ThreatName} 已从隔离区删除
1013 The antivirus history was deleted
     防病毒历史记录已删除
1015 Suspicious behaviour[: {ThreatName}][ of {ProcessName}]
     可疑行为[：{ThreatName}][，进程 {ProcessName}]
1116 Malware found: {ThreatName}[ in {Path}][, severity {SeverityName}]
     发现恶意软件：{ThreatName}[，位置 {Path}][，严重程度 {SeverityName}]
1117 Malware dealt with: {ThreatName}[ in {Path}][: {ActionName}]
     已处置恶意软件：{ThreatName}[，位置 {Path}][：{ActionName}]
1118 Dealing with {ThreatName} failed[: {ErrorDescription}]
     处置 {ThreatName} 失败[：{ErrorDescription}]
1119 Dealing with {ThreatName} failed badly[: {ErrorDescription}]
     处置 {ThreatName} 严重失败[：{ErrorDescription}]
1120 Digests of the malware {ThreatName} were made
     已生成恶意软件 {ThreatName} 的哈希
1121 An attack surface rule blocked {Path|ProcessName}[ ({ID})]
     攻击面规则阻止了 {Path|ProcessName}[（{ID}）]
1122 An attack surface rule would have blocked {Path|ProcessName}[ ({ID})]
     攻击面规则本应阻止 {Path|ProcessName}[（{ID}）]
1123 {ProcessName} was kept from changing the protected folder {Path}
     已阻止 {ProcessName} 更改受保护的文件夹 {Path}
1124 {ProcessName} would have been kept from changing the protected folder {Path}
     本应阻止 {ProcessName} 更改受保护的文件夹 {Path}
1125 {ProcessName} would have been kept from reaching {Destination|Path}
     本应阻止 {ProcessName} 访问 {Destination|Path}
1126 {ProcessName} was kept from reaching {Destination|Path}
     已阻止 {ProcessName} 访问 {Destination|Path}
1127 {ProcessName} was kept from writing to the disk's protected sectors
     已阻止 {ProcessName} 写入受保护的磁盘扇区
1150 The antivirus is in good health
     防病毒程序运行正常
1151 Health report of the antivirus
     防病毒程序健康报告
2000 Virus signatures updated to {CurrentSignatureVersion|CurrentsecurityintelligenceVersion}
     病毒特征库已更新到 {CurrentSignatureVersion|CurrentsecurityintelligenceVersion}
2001 Updating the virus signatures failed[: {ErrorDescription}]
     更新病毒特征库失败[：{ErrorDescription}]
2002 Antivirus engine updated[ to {CurrentEngineVersion}]
     防病毒引擎已更新[到 {CurrentEngineVersion}]
2003 Updating the antivirus engine failed[: {ErrorDescription}]
     更新防病毒引擎失败[：{ErrorDescription}]
2010 Signatures for the cloud protection were fetched
     已获取云保护的动态特征
3002 Real-time protection failed[ in {Feature_Name}][: {ErrorDescription}]
     实时保护出错[，功能 {Feature_Name}][：{ErrorDescription}]
3007 Real-time protection recovered
     实时保护已恢复
5000 Real-time protection was switched on
     实时保护已开启
5001 Real-time protection was switched off
     实时保护已关闭
5004 The configuration of real-time protection changed
     实时保护的配置已更改
5007 Antivirus setting changed[ from {OldValue}][ to {NewValue}]
     防病毒设置已更改[，原值 {OldValue}][，新值 {NewValue}]
5008 The antivirus engine failed
     防病毒引擎出错
5009 Scanning for spyware was switched on
     反间谍软件扫描已开启
5010 Scanning for spyware was switched off
     反间谍软件扫描已关闭
5011 Scanning for viruses was switched on
     病毒扫描已开启
5012 Scanning for viruses was switched off
     病毒扫描已关闭
5013 Tamper protection refused a change[: {Value|ChangedType}]
     篡改防护拒绝了更改[：{Value|ChangedType}]

[terminalservices-localsessionmanager]
21 {User} signed in to session {SessionID}[ from {Address}]
   {User} 登录到会话 {SessionID}[，来自 {Address}]
22 The desktop of {User} started in session {SessionID}[, from {Address}]
   {User} 的桌面已在会话 {SessionID} 中启动[，来自 {Address}]
23 {User} signed out of session {SessionID}
   {User} 注销了会话 {SessionID}
24 {User} was disconnected from session {SessionID}[, from {Address}]
   {User} 与会话 {SessionID} 断开[，来自 {Address}]
25 {User} came back to session {SessionID}[ from {Address}]
   {User} 重新连接会话 {SessionID}[，来自 {Address}]
39 Session {TargetSession} was disconnected by session {Source}
   会话 {TargetSession} 被会话 {Source} 断开
40 Session {Session} was disconnected, reason {Reason}
   会话 {Session} 已断开，原因 {Reason}
41 A session for {User} is being set up[ ({SessionID})]
   正在为 {User} 建立会话[（{SessionID}）]
42 A session for {User} is set up[ ({SessionID})]
   已为 {User} 建立会话[（{SessionID}）]

[terminalservices-remoteconnectionmanager]
258 Remote desktop listens[ on {listenerName}]
    远程桌面已开始监听[，侦听器 {listenerName}]
261 A remote desktop connection came in[ on {listenerName}]
    收到远程桌面连接[，侦听器 {listenerName}]
1149 Remote desktop reached by {Param1}[ of {Param2}][ from {Param3}]
     {Param1} 连接远程桌面[，域 {Param2}][，来自 {Param3}]
1158 Remote desktop accepted a connection from {Param1}
     远程桌面接受了来自 {Param1} 的连接

[remotedesktopservices-rdpcorets]
65 Remote desktop connection {ConnectionName} was made
   已创建远程桌面连接 {ConnectionName}
66 Remote desktop connection {ConnectionName} belongs to session {SessionID}
   远程桌面连接 {ConnectionName} 已分配给会话 {SessionID}
98 A remote desktop connection was set up over TCP
   已通过 TCP 建立远程桌面连接
102 The other side closed the remote desktop connection
    对端关闭了远程桌面连接
103 Remote desktop connection ended, reason {ReasonCode}
    远程桌面连接已断开，原因 {ReasonCode}
104 Time zone offset of the remote desktop client: {TimezoneBiasHour}
    远程桌面客户端的时区偏移：{TimezoneBiasHour}
131 Remote desktop connection from {ClientIP}[ ({ConnType})]
    来自 {ClientIP} 的远程桌面连接[（{ConnType}）]
140 Remote desktop sign-in from {IPString} failed: wrong name or password
    来自 {IPString} 的远程桌面登录失败：用户名或密码错误
148 Channel {ChannelName} between client and server was closed
    客户端与服务器之间的通道 {ChannelName} 已关闭

[windows firewall with advanced security]
2002 Firewall setting changed[ to {SettingValueString|SettingValue}][ by {ModifyingApplication}]
     防火墙设置已更改[，新值 {SettingValueString|SettingValue}][，程序 {ModifyingApplication}]
2003 Firewall profile setting changed[ to {SettingValueString|SettingValue}][ by {ModifyingApplication}]
     防火墙配置文件设置已更改[，新值 {SettingValueString|SettingValue}][，程序 {ModifyingApplication}]
2004 Firewall rule added: {RuleName}[ for {ApplicationPath}][ by {ModifyingApplication}]
     已添加防火墙规则：{RuleName}[，对象 {ApplicationPath}][，程序 {ModifyingApplication}]
2005 Firewall rule changed: {RuleName}[ by {ModifyingApplication}]
     已修改防火墙规则：{RuleName}[，程序 {ModifyingApplication}]
2006 Firewall rule deleted: {RuleName}[ by {ModifyingApplication}]
     已删除防火墙规则：{RuleName}[，程序 {ModifyingApplication}]
2009 The firewall could not load its policy from group policy
     防火墙无法加载组策略中的设置
2010 The network {InterfaceName} now counts as {NewProfile:profile}
     网络接口 {InterfaceName} 现归为{NewProfile:profile}网络
2011 The firewall blocked {ApplicationPath} and could not ask
     防火墙阻止了 {ApplicationPath}，且无法通知用户
2033 All firewall rules were deleted[ by {ModifyingApplication}]
     所有防火墙规则已被删除[，程序 {ModifyingApplication}]
2052 Firewall rule deleted: {RuleName}[ by {ModifyingApplication}]
     已删除防火墙规则：{RuleName}[，程序 {ModifyingApplication}]
2071 Firewall rule added: {RuleName}[ for {ApplicationPath}][ by {ModifyingApplication}]
     已添加防火墙规则：{RuleName}[，对象 {ApplicationPath}][，程序 {ModifyingApplication}]
2073 Firewall rule changed: {RuleName}[ by {ModifyingApplication}]
     已修改防火墙规则：{RuleName}[，程序 {ModifyingApplication}]
2097 Firewall rule added: {RuleName}[ for {ApplicationPath}][ by {ModifyingApplication}]
     已添加防火墙规则：{RuleName}[，对象 {ApplicationPath}][，程序 {ModifyingApplication}]

[bits-client]
3 {jobOwner|string3} made the transfer {jobTitle|string}[ with {processPath}]
  {jobOwner|string3} 创建了传输任务 {jobTitle|string}[，程序 {processPath}]
4 The transfer {jobTitle} of {User|jobOwner} is complete[, {fileCount} files]
  {User|jobOwner} 的传输任务 {jobTitle} 已完成[，文件 {fileCount} 个]
5 The transfer {jobTitle} was cancelled
  传输任务 {jobTitle} 已取消
59 The transfer {name} from {url} began
   传输任务 {name} 开始，地址 {url}
60 The transfer {name} from {url} ended[, code {hr}]
   传输任务 {name} 结束，地址 {url}[，代码 {hr}]
61 The transfer {name} from {url} was interrupted[, code {hr}]
   传输任务 {name} 中断，地址 {url}[，代码 {hr}]
16403 The transfer {jobTitle} copies {RemoteName} to {LocalName}
      传输任务 {jobTitle} 将 {RemoteName} 复制到 {LocalName}

[wmi-activity]
5857 WMI provider {ProviderName} loaded[ from {ProviderPath}]
     已加载 WMI 提供程序 {ProviderName}[，路径 {ProviderPath}]
5858 WMI operation of {User} failed ({ResultCode}): {Operation}
     {User} 的 WMI 操作失败（{ResultCode}）：{Operation}
5859 WMI subscription in place: {query|Query}
     WMI 订阅生效：{query|Query}
5860 {User} made a WMI subscription for a while: {Query|query}
     {User} 创建了临时 WMI 订阅：{Query|query}
5861 A lasting WMI subscription was made: {ESS} runs {CONSUMER}
     已创建永久 WMI 订阅：{ESS} 触发 {CONSUMER}

[applocker]
8002 {FilePath|FullFilePath} may run[, user {TargetUser}]
     允许运行 {FilePath|FullFilePath}[，用户 {TargetUser}]
8003 {FilePath|FullFilePath} ran and would be blocked if the rules were enforced
     {FilePath|FullFilePath} 已运行，若强制执行规则则会被阻止
8004 {FilePath|FullFilePath} was kept from running[, user {TargetUser}]
     已阻止运行 {FilePath|FullFilePath}[，用户 {TargetUser}]
8005 The script or installer {FilePath|FullFilePath} may run
     允许运行脚本或安装程序 {FilePath|FullFilePath}
8006 The script or installer {FilePath|FullFilePath} would be blocked if the rules were enforced
     脚本或安装程序 {FilePath|FullFilePath} 若强制执行规则则会被阻止
8007 The script or installer {FilePath|FullFilePath} was kept from running
     已阻止运行脚本或安装程序 {FilePath|FullFilePath}
8020 The packaged app {Package|Fqbn} may run
     允许运行打包应用 {Package|Fqbn}
8022 The packaged app {Package|Fqbn} was kept from running
     已阻止运行打包应用 {Package|Fqbn}

[codeintegrity]
3001 The unsigned driver {FileNameBuffer|FileName} was loaded
     已加载未签名的驱动 {FileNameBuffer|FileName}
3004 The signature of {FileNameBuffer|FileName} could not be checked
     无法验证 {FileNameBuffer|FileName} 的签名
3023 The driver {FileNameBuffer|FileName} was refused: its certificate is revoked
     拒绝加载驱动 {FileNameBuffer|FileName}：证书已吊销
3033 {ProcessNameBuffer} was kept from loading {FileNameBuffer}: not signed well enough
     已阻止 {ProcessNameBuffer} 加载 {FileNameBuffer}：签名级别不足
3034 {ProcessNameBuffer} would have been kept from loading {FileNameBuffer}
     本应阻止 {ProcessNameBuffer} 加载 {FileNameBuffer}
3063 {ProcessNameBuffer} was kept from loading {FileNameBuffer}: shared sections are not allowed
     已阻止 {ProcessNameBuffer} 加载 {FileNameBuffer}：不允许共享节
3076 {FileName} would have been blocked by the policy {PolicyName}
     策略 {PolicyName} 本应阻止 {FileName}
3077 {FileName} was blocked by the policy {PolicyName}
     策略 {PolicyName} 阻止了 {FileName}

[printservice]
307 {Param3} printed {Param2}[ on {Param5}][, {Param8} pages]
    {Param3} 打印了 {Param2}[，打印机 {Param5}][，{Param8} 页]
316 The printer driver {Param1} was added or updated
    已添加或更新打印机驱动 {Param1}
372 Printing {Param2|Param1} failed
    打印 {Param2|Param1} 失败
808 The print service could not load {PluginDllName|Param1}[, code {ErrorCode}]
    打印服务无法加载 {PluginDllName|Param1}[，代码 {ErrorCode}]

[dns client events]
3006 Name asked for: {QueryName}
     查询域名：{QueryName}
3008 Name {QueryName} answered[: {QueryResults}][, status {QueryStatus}]
     域名 {QueryName} 已应答[：{QueryResults}][，状态 {QueryStatus}]
3010 Name {QueryName} asked of the server {DnsServerIpAddress}
     向服务器 {DnsServerIpAddress} 查询域名 {QueryName}

[ntlm]
8001 NTLM sign-in to {TargetName} as {UserName} would be blocked
     以 {UserName} 对 {TargetName} 的 NTLM 登录本应被阻止
8002 NTLM sign-in coming in for {ProcessName|ClientUserName} would be blocked
     对 {ProcessName|ClientUserName} 的 NTLM 登录本应被阻止
8004 NTLM sign-in of {UserName} from {WorkstationName} passed the domain controller
     {UserName} 从 {WorkstationName} 的 NTLM 登录经过域控制器

[winrm]
6 A remote management session to {connection} began
  开始建立到 {connection} 的远程管理会话
91 A remote management shell was opened[: {resourceUri}]
   已打开远程管理命令行[：{resourceUri}]
142 Remote management operation {operationName} failed[, code {errorCode}]
    远程管理操作 {operationName} 失败[，代码 {errorCode}]
161 Remote management sign-in failed[: {authFailureMessage}]
    远程管理登录失败[：{authFailureMessage}]
169 {username} was let in to remote management[ by {authenticationMechanism}]
    {username} 已通过远程管理验证[，方式 {authenticationMechanism}]

[openssh]
4 {process}: {payload}
  {process}：{payload}

[networkprofile]
10000 Network connected: {Name}
      网络已连接：{Name}
10001 Network disconnected: {Name}
      网络已断开：{Name}

[wlan-autoconfig]
8001 Connected to the wireless network {SSID}
     已连接无线网络 {SSID}
8002 Connecting to the wireless network {SSID} failed[: {FailureReason}]
     连接无线网络 {SSID} 失败[：{FailureReason}]
8003 Disconnected from the wireless network {SSID}[: {Reason}]
     已断开无线网络 {SSID}[：{Reason}]

[application-experience]
500 A compatibility fix {FixName} was applied to {ExePath}
    已对 {ExePath} 应用兼容性修复 {FixName}

[program-compatibility-assistant]
17 The compatibility assistant changed how {ExePath} runs[: {ResolverName}]
   兼容性助手调整了 {ExePath} 的运行方式[：{ResolverName}]
"""
