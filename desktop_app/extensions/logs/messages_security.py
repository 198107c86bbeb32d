"""Sentences for the Security channel: starting, signing in, using rights, accounts and groups. See ``messages``."""

from __future__ import annotations

TABLE = """
[security-auditing]
4608 Windows is starting and auditing has begun
     Windows 正在启动，审核已开始
4609 Windows is shutting down
     Windows 正在关机
4610 Authentication package loaded: {AuthenticationPackageName}
     已加载身份验证包：{AuthenticationPackageName}
4611 Trusted sign-in process registered: {LogonProcessName}
     已注册受信任的登录进程：{LogonProcessName}
4614 Password notification package loaded: {NotificationPackageName}
     已加载密码通知包：{NotificationPackageName}
4616 Clock changed from {PreviousTime} to {NewTime}[ by {SubjectUserName}][ with {ProcessName}]
     时钟由 {PreviousTime} 改为 {NewTime}[，操作者 {SubjectUserName}][，程序 {ProcessName}]
4622 Security package loaded: {SecurityPackageName}
     已加载安全包：{SecurityPackageName}
4624 {TargetUserName} signed in ({LogonType:logon})[ from {IpAddress}][ using {AuthenticationPackageName}]
     {TargetUserName} 已登录（{LogonType:logon}）[，来自 {IpAddress}][，验证方式 {AuthenticationPackageName}]
4625 Sign-in failed for {TargetUserName}[ from {IpAddress}] ({LogonType:logon})[: {SubStatus:status}]
     {TargetUserName} 登录失败[，来自 {IpAddress}]（{LogonType:logon}）[：{SubStatus:status}]
4627 Groups of {TargetUserName} at sign-in[ ({LogonType:logon})]
     {TargetUserName} 登录时所属的组[（{LogonType:logon}）]
4634 {TargetUserName} signed out ({LogonType:logon})
     {TargetUserName} 已注销（{LogonType:logon}）
4646 Protection against denial of service began for IPsec
     IPsec 已启动拒绝服务防护
4647 {TargetUserName} chose to sign out
     {TargetUserName} 主动注销
4648 {SubjectUserName} used the credentials of {TargetUserName}[ on {TargetServerName}][ with {ProcessName}]
     {SubjectUserName} 使用了 {TargetUserName} 的凭据[，目标 {TargetServerName}][，程序 {ProcessName}]
4649 A replay attack was detected against the account {TargetUserName}
     检测到针对账户 {TargetUserName} 的重放攻击
4656 {SubjectUserName} asked for access to {ObjectName|ObjectType}[ with {ProcessName}]
     {SubjectUserName} 请求访问 {ObjectName|ObjectType}[，程序 {ProcessName}]
4657 {SubjectUserName} changed registry value {ObjectName}\\\\{ObjectValueName}[ to {NewValue}]
     {SubjectUserName} 修改了注册表值 {ObjectName}\\\\{ObjectValueName}[，新值 {NewValue}]
4658 {SubjectUserName} closed an object[ with {ProcessName}]
     {SubjectUserName} 关闭了对象[，程序 {ProcessName}]
4660 {SubjectUserName} deleted an object[ with {ProcessName}]
     {SubjectUserName} 删除了对象[，程序 {ProcessName}]
4661 {SubjectUserName} asked for access to the directory object {ObjectName|ObjectType}
     {SubjectUserName} 请求访问目录对象 {ObjectName|ObjectType}
4662 {SubjectUserName} worked on the directory object {ObjectName}[ ({ObjectType})]
     {SubjectUserName} 对目录对象 {ObjectName} 执行了操作[（{ObjectType}）]
4663 {SubjectUserName} accessed {ObjectName}[ with {ProcessName}][, rights {AccessMask}]
     {SubjectUserName} 访问了 {ObjectName}[，程序 {ProcessName}][，权限 {AccessMask}]
4664 {SubjectUserName} made the hard link {LinkName} to {FileName}
     {SubjectUserName} 创建了指向 {FileName} 的硬链接 {LinkName}
4670 {SubjectUserName} changed the permissions of {ObjectName|ObjectType}
     {SubjectUserName} 更改了 {ObjectName|ObjectType} 的权限
4672 {SubjectUserName} signed in with special rights[: {PrivilegeList}]
     {SubjectUserName} 以特殊权限登录[：{PrivilegeList}]
4673 {SubjectUserName} used the right {PrivilegeList}[ with {ProcessName}]
     {SubjectUserName} 使用了权限 {PrivilegeList}[，程序 {ProcessName}]
4674 {SubjectUserName} used the right {PrivilegeList} on {ObjectName|ObjectType}
     {SubjectUserName} 对 {ObjectName|ObjectType} 使用了权限 {PrivilegeList}
4688 {SubjectUserName} started {NewProcessName}[: {CommandLine}]
     {SubjectUserName} 启动了 {NewProcessName}[：{CommandLine}]
4689 {ProcessName} ended[ with code {Status}]
     {ProcessName} 已结束[，代码 {Status}]
4690 {SubjectUserName} duplicated a handle of another process
     {SubjectUserName} 复制了另一进程的句柄
4691 {SubjectUserName} asked for indirect access to {ObjectName|ObjectType}
     {SubjectUserName} 请求间接访问 {ObjectName|ObjectType}
4692 Backup of a data protection master key was attempted for {SubjectUserName}
     尝试备份 {SubjectUserName} 的数据保护主密钥
4693 Recovery of a data protection master key was attempted for {SubjectUserName}
     尝试恢复 {SubjectUserName} 的数据保护主密钥
4694 {SubjectUserName} protected data with the data protection key
     {SubjectUserName} 使用数据保护密钥加密了数据
4695 {SubjectUserName} read data under the data protection key
     {SubjectUserName} 使用数据保护密钥解密了数据
4696 A token was given to the process {TargetProcessName}
     已为进程 {TargetProcessName} 分配令牌
4697 {SubjectUserName} installed the service {ServiceName}: {ServiceFileName}[ ({ServiceStartType:start})]
     {SubjectUserName} 安装了服务 {ServiceName}：{ServiceFileName}[（{ServiceStartType:start}）]
4698 {SubjectUserName} created the scheduled task {TaskName}
     {SubjectUserName} 创建了计划任务 {TaskName}
4699 {SubjectUserName} deleted the scheduled task {TaskName}
     {SubjectUserName} 删除了计划任务 {TaskName}
4700 {SubjectUserName} enabled the scheduled task {TaskName}
     {SubjectUserName} 启用了计划任务 {TaskName}
4701 {SubjectUserName} disabled the scheduled task {TaskName}
     {SubjectUserName} 禁用了计划任务 {TaskName}
4702 {SubjectUserName} changed the scheduled task {TaskName}
     {SubjectUserName} 修改了计划任务 {TaskName}
4703 Rights of {TargetUserName} were adjusted[: {EnabledPrivilegeList}][ by {ProcessName}]
     {TargetUserName} 的权限已调整[：{EnabledPrivilegeList}][，程序 {ProcessName}]
4704 {SubjectUserName} gave {TargetSid} the right {PrivilegeList}
     {SubjectUserName} 授予 {TargetSid} 权限 {PrivilegeList}
4705 {SubjectUserName} took the right {PrivilegeList} from {TargetSid}
     {SubjectUserName} 收回了 {TargetSid} 的权限 {PrivilegeList}
4706 {SubjectUserName} made a trust with the domain {DomainName}
     {SubjectUserName} 与域 {DomainName} 建立了信任
4707 {SubjectUserName} removed the trust with the domain {DomainName}
     {SubjectUserName} 删除了与域 {DomainName} 的信任
4713 {SubjectUserName} changed the Kerberos policy
     {SubjectUserName} 更改了 Kerberos 策略
4716 {SubjectUserName} changed the trust with the domain {DomainName}
     {SubjectUserName} 修改了与域 {DomainName} 的信任
4717 {SubjectUserName} allowed {TargetSid} to sign in by {AccessGranted}
     {SubjectUserName} 允许 {TargetSid} 以 {AccessGranted} 方式登录
4718 {SubjectUserName} no longer allows {TargetSid} to sign in by {AccessRemoved}
     {SubjectUserName} 不再允许 {TargetSid} 以 {AccessRemoved} 方式登录
4719 {SubjectUserName} changed what is audited[: {AuditPolicyChanges}]
     {SubjectUserName} 更改了审核策略[：{AuditPolicyChanges}]
4720 {SubjectUserName} created the account {TargetUserName}
     {SubjectUserName} 创建了账户 {TargetUserName}
4722 {SubjectUserName} enabled the account {TargetUserName}
     {SubjectUserName} 启用了账户 {TargetUserName}
4723 {SubjectUserName} tried to change the password of {TargetUserName}
     {SubjectUserName} 尝试更改 {TargetUserName} 的密码
4724 {SubjectUserName} tried to reset the password of {TargetUserName}
     {SubjectUserName} 尝试重置 {TargetUserName} 的密码
4725 {SubjectUserName} disabled the account {TargetUserName}
     {SubjectUserName} 停用了账户 {TargetUserName}
4726 {SubjectUserName} deleted the account {TargetUserName}
     {SubjectUserName} 删除了账户 {TargetUserName}
4727 {SubjectUserName} created the global group {TargetUserName}
     {SubjectUserName} 创建了全局组 {TargetUserName}
4728 {SubjectUserName} added {MemberName|MemberSid} to the global group {TargetUserName}
     {SubjectUserName} 将 {MemberName|MemberSid} 加入全局组 {TargetUserName}
4729 {SubjectUserName} removed {MemberName|MemberSid} from the global group {TargetUserName}
     {SubjectUserName} 将 {MemberName|MemberSid} 移出全局组 {TargetUserName}
4730 {SubjectUserName} deleted the global group {TargetUserName}
     {SubjectUserName} 删除了全局组 {TargetUserName}
4731 {SubjectUserName} created the local group {TargetUserName}
     {SubjectUserName} 创建了本地组 {TargetUserName}
4732 {SubjectUserName} added {MemberName|MemberSid} to the local group {TargetUserName}
     {SubjectUserName} 将 {MemberName|MemberSid} 加入本地组 {TargetUserName}
4733 {SubjectUserName} removed {MemberName|MemberSid} from the local group {TargetUserName}
     {SubjectUserName} 将 {MemberName|MemberSid} 移出本地组 {TargetUserName}
4734 {SubjectUserName} deleted the local group {TargetUserName}
     {SubjectUserName} 删除了本地组 {TargetUserName}
4735 {SubjectUserName} changed the local group {TargetUserName}
     {SubjectUserName} 修改了本地组 {TargetUserName}
4737 {SubjectUserName} changed the global group {TargetUserName}
     {SubjectUserName} 修改了全局组 {TargetUserName}
4738 {SubjectUserName} changed the account {TargetUserName}
     {SubjectUserName} 修改了账户 {TargetUserName}
4739 {SubjectUserName} changed the domain policy[: {DomainPolicyChanged}]
     {SubjectUserName} 更改了域策略[：{DomainPolicyChanged}]
4740 The account {TargetUserName} was locked out[, attempts came from {TargetDomainName}]
     账户 {TargetUserName} 已被锁定[，尝试来自 {TargetDomainName}]
4741 {SubjectUserName} created the computer account {TargetUserName}
     {SubjectUserName} 创建了计算机账户 {TargetUserName}
4742 {SubjectUserName} changed the computer account {TargetUserName}
     {SubjectUserName} 修改了计算机账户 {TargetUserName}
4743 {SubjectUserName} deleted the computer account {TargetUserName}
     {SubjectUserName} 删除了计算机账户 {TargetUserName}
4754 {SubjectUserName} created the universal group {TargetUserName}
     {SubjectUserName} 创建了通用组 {TargetUserName}
4755 {SubjectUserName} changed the universal group {TargetUserName}
     {SubjectUserName} 修改了通用组 {TargetUserName}
4756 {SubjectUserName} added {MemberName|MemberSid} to the universal group {TargetUserName}
     {SubjectUserName} 将 {MemberName|MemberSid} 加入通用组 {TargetUserName}
4757 {SubjectUserName} removed {MemberName|MemberSid} from the universal group {TargetUserName}
     {SubjectUserName} 将 {MemberName|MemberSid} 移出通用组 {TargetUserName}
4758 {SubjectUserName} deleted the universal group {TargetUserName}
     {SubjectUserName} 删除了通用组 {TargetUserName}
4764 {SubjectUserName} changed the type of the group {TargetUserName}
     {SubjectUserName} 更改了组 {TargetUserName} 的类型
4765 Older identities were added to the account {TargetUserName}
     账户 {TargetUserName} 添加了历史身份（SID History）
4766 Adding older identities to the account {TargetUserName} failed
     向账户 {TargetUserName} 添加历史身份（SID History）失败
4767 {SubjectUserName} unlocked the account {TargetUserName}
     {SubjectUserName} 解锁了账户 {TargetUserName}
4768 {TargetUserName} asked for a Kerberos ticket[ from {IpAddress}][: {Status:kerberos}]
     {TargetUserName} 请求 Kerberos 票据[，来自 {IpAddress}][：{Status:kerberos}]
4769 {TargetUserName} asked for a ticket for {ServiceName}[ from {IpAddress}][ ({TicketEncryptionType:cipher})]
     {TargetUserName} 请求服务 {ServiceName} 的票据[，来自 {IpAddress}][（{TicketEncryptionType:cipher}）]
4770 {TargetUserName} renewed a ticket for {ServiceName}[ from {IpAddress}]
     {TargetUserName} 续订了服务 {ServiceName} 的票据[，来自 {IpAddress}]
4771 Kerberos sign-in failed for {TargetUserName}[ from {IpAddress}][: {Status:kerberos}]
     {TargetUserName} 的 Kerberos 登录失败[，来自 {IpAddress}][：{Status:kerberos}]
4772 Kerberos ticket refused for {TargetUserName}[ from {IpAddress}]
     拒绝了 {TargetUserName} 的 Kerberos 票据请求[，来自 {IpAddress}]
4776 Password check for {TargetUserName}[ from {Workstation}]: {Status:status}
     验证 {TargetUserName} 的密码[，来自 {Workstation}]：{Status:status}
4777 The domain controller could not check the password of {TargetUserName}[ from {Workstation}]
     域控制器未能验证 {TargetUserName} 的密码[，来自 {Workstation}]
4778 {AccountName} reconnected a session[ from {ClientAddress}]
     {AccountName} 重新连接了会话[，来自 {ClientAddress}]
4779 {AccountName} disconnected a session[ from {ClientAddress}]
     {AccountName} 断开了会话[，来自 {ClientAddress}]
4780 Permissions of the administrative account {TargetUserName} were set back
     管理账户 {TargetUserName} 的权限已被重设
4781 {SubjectUserName} renamed the account {OldTargetUserName} to {NewTargetUserName}
     {SubjectUserName} 将账户 {OldTargetUserName} 改名为 {NewTargetUserName}
4782 {SubjectUserName} read the password hash of {TargetUserName}
     {SubjectUserName} 读取了 {TargetUserName} 的密码哈希
4793 {SubjectUserName} asked for the password policy
     {SubjectUserName} 查询了密码策略
4794 {SubjectUserName} tried to set the directory restore password
     {SubjectUserName} 尝试设置目录还原模式密码
4797 {SubjectUserName} asked whether {TargetUserName} has an empty password
     {SubjectUserName} 查询了 {TargetUserName} 是否为空密码
4798 {SubjectUserName} listed the local groups of {TargetUserName}[ with {CallerProcessName}]
     {SubjectUserName} 列出了 {TargetUserName} 所属的本地组[，程序 {CallerProcessName}]
4799 {SubjectUserName} listed the members of the local group {TargetUserName}[ with {CallerProcessName}]
     {SubjectUserName} 列出了本地组 {TargetUserName} 的成员[，程序 {CallerProcessName}]
4800 {TargetUserName} locked the screen
     {TargetUserName} 锁定了屏幕
4801 {TargetUserName} unlocked the screen
     {TargetUserName} 解锁了屏幕
4802 The screen saver started for {TargetUserName}
     {TargetUserName} 的屏幕保护程序已启动
4803 The screen saver was dismissed by {TargetUserName}
     {TargetUserName} 退出了屏幕保护程序
"""
