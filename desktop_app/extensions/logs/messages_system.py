"""Sentences for the System channel: services, power, disks, updates, time, drivers. See ``messages``."""

from __future__ import annotations

TABLE = """
[service control manager]
7000 The service {param1} could not start[: {param2}]
     服务 {param1} 启动失败[：{param2}]
7001 The service {param1} did not start because {param2} failed[: {param3}]
     因 {param2} 失败，服务 {param1} 未能启动[：{param3}]
7009 The service {param2} did not connect within {param1} ms
     服务 {param2} 在 {param1} 毫秒内未建立连接
7011 The service {param2} did not answer within {param1} ms
     服务 {param2} 在 {param1} 毫秒内未响应
7022 The service {param1} hung while starting
     服务 {param1} 启动时停止响应
7023 The service {param1} ended with an error[: {param2}]
     服务 {param1} 因错误终止[：{param2}]
7024 The service {param1} ended with an error of its own[: {param2}]
     服务 {param1} 因自身错误终止[：{param2}]
7026 Drivers that should start at boot did not[: {param1}]
     以下引导驱动未能加载[：{param1}]
7030 The service {param1} asks to talk to the screen, which is not allowed
     服务 {param1} 要求与桌面交互，系统不允许
7031 The service {param1} ended unexpectedly, {param2} times so far[; next step in {param3} ms: {param5}]
     服务 {param1} 意外终止，已发生 {param2} 次[；{param3} 毫秒后：{param5}]
7032 The correction after the failure of the service {param3|param1} did not work
     服务 {param3|param1} 失败后的恢复操作未成功
7034 The service {param1} ended unexpectedly, {param2} times so far
     服务 {param1} 意外终止，已发生 {param2} 次
7035 The service {param1} was told: {param2}
     已向服务 {param1} 发送控制：{param2}
7036 The service {param1} is now {param2:state}
     服务 {param1} 现为{param2:state}
7038 The service {param1} could not sign in as {param2}[: {param3}]
     服务 {param1} 无法以 {param2} 登录[：{param3}]
7039 The service {param1} runs in another process than expected
     服务 {param1} 运行在非预期的进程中
7040 The start of the service {param1} was changed from {param2:start} to {param3:start}
     服务 {param1} 的启动方式由 {param2:start} 改为 {param3:start}
7042 The service {param1} was told to stop[: {param4}]
     服务 {param1} 收到停止指令[：{param4}]
7043 The service {param1} did not shut down in time
     服务 {param1} 未能及时关闭
7045 New service {ServiceName}: {ImagePath} ({StartType:start}[, as {AccountName}])
     新服务 {ServiceName}：{ImagePath}（{StartType:start}）[，账户 {AccountName}]

[kernel-general]
1 The clock changed from {OldTime} to {NewTime}
  时钟由 {OldTime} 改为 {NewTime}
5 A registry file was repaired while it was loaded[: {HiveName|FinalStatus}]
  加载注册表文件时进行了修复[：{HiveName|FinalStatus}]
11 A registry file was damaged and has been repaired[: {HiveName}]
   注册表文件损坏，已修复[：{HiveName}]
12 Windows started[ at {StartTime}]
   Windows 已启动[，时间 {StartTime}]
13 Windows is shutting down[ at {StopTime}]
   Windows 正在关闭[，时间 {StopTime}]
16 The history of the registry file {HiveName} was cleared
   注册表文件 {HiveName} 的访问历史已清除

[kernel-power]
41 The computer restarted without shutting down first[, stop code {BugcheckCode}]
   计算机未正常关机即重新启动[，停止代码 {BugcheckCode}]
42 The computer goes to sleep
   计算机正在进入睡眠
105 The power supply changed[, on mains: {AcOnline:switch}]
    供电方式已改变[，使用外接电源：{AcOnline:switch}]
107 The computer woke from sleep
    计算机已从睡眠中恢复
109 The kernel began to shut down or restart
    内核已开始关机或重启
125 A thermal zone of the firmware is in place
    已发现固件的温度区
172 Connection in standby: {State}[, reason {Reason}]
    待机网络连接：{State}[，原因 {Reason}]
506 Connected standby began[, reason {Reason}]
    已进入连接待机[，原因 {Reason}]
507 Connected standby ended[, reason {Reason}]
    已退出连接待机[，原因 {Reason}]

[power-troubleshooter]
1 The computer woke[, asleep from {SleepTime} to {WakeTime}][, woken by {WakeSourceText}]
  计算机已唤醒[，睡眠 {SleepTime} 至 {WakeTime}][，唤醒源 {WakeSourceText}]

[kernel-boot]
20 The last start of Windows succeeded: {LastBootGood:switch}
   上次启动成功：{LastBootGood:switch}
27 Kind of start: {BootType}
   启动类型：{BootType}
29 Windows could not use the fast start
   Windows 无法使用快速启动

[kernel-pnp]
219 The driver {FailureName} for {DriverName} could not be loaded
    设备 {DriverName} 的驱动 {FailureName} 加载失败
400 The device {DeviceInstanceId} was set up[ with {DriverName}]
    设备 {DeviceInstanceId} 已配置[，驱动 {DriverName}]
410 The device {DeviceInstanceId} was started
    设备 {DeviceInstanceId} 已启动
411 The device {DeviceInstanceId} had a problem while starting[: {Problem}]
    设备 {DeviceInstanceId} 启动时出现问题[：{Problem}]
420 The device {DeviceInstanceId} was removed
    设备 {DeviceInstanceId} 已删除

[userpnp]
20001 Driver {DriverName} installed for {DeviceInstanceID}
      已为 {DeviceInstanceID} 安装驱动 {DriverName}
20003 Service {ServiceName} added for the device {DeviceInstanceID}
      已为设备 {DeviceInstanceID} 添加服务 {ServiceName}

[driverframeworks-usermode]
2003 A device was connected: {InstanceId|UMDFHostDeviceArrivalBegin_instance}
     设备已连接：{InstanceId|UMDFHostDeviceArrivalBegin_instance}
2100 A device was asked to change its power or be removed: {UMDFHostDeviceRequest_instance|InstanceId}
     设备收到电源或移除请求：{UMDFHostDeviceRequest_instance|InstanceId}
2102 A device's request was completed: {UMDFHostDeviceRequest_instance|InstanceId}
     设备请求已完成：{UMDFHostDeviceRequest_instance|InstanceId}

[user32]
1074 {param7} began a {param5} by {param1}[, reason: {param3}]
     {param7} 通过 {param1} 发起了{param5}[，原因：{param3}]
1076 {param6|param4} gave a reason for the last unexpected stop[: {param1}]
     {param6|param4} 说明了上次意外关机的原因[：{param1}]

[wer-systemerrorreporting]
1001 The computer restarted after a stop error {param1}[, memory saved in {param2}]
     计算机因停止错误 {param1} 重新启动[，内存转储 {param2}]

[whea-logger]
1 A hardware error was reported[, source {ErrorSource}]
  报告了硬件错误[，来源 {ErrorSource}]
17 A hardware error was corrected[, source {ErrorSource}][, device {PrimaryDeviceName}]
   已纠正一个硬件错误[，来源 {ErrorSource}][，设备 {PrimaryDeviceName}]
18 A fatal hardware error occurred[, processor {ApicId}][, source {ErrorSource}]
   发生致命硬件错误[，处理器 {ApicId}][，来源 {ErrorSource}]
19 A processor error was corrected[, processor {ApicId}]
   已纠正一个处理器错误[，处理器 {ApicId}]
47 A memory error was corrected[, address {PhysicalAddress}]
   已纠正一个内存错误[，地址 {PhysicalAddress}]

[kernel-processor-power]
37 The firmware slows processor {Number} down[, for {CapDurationInSeconds} s so far]
   固件正在限制处理器 {Number} 的速度[，已持续 {CapDurationInSeconds} 秒]

[disk]
7 Bad block on {Data1}
  {Data1} 上有坏块
11 The driver found an error of the controller of {Data1}
   {Data1} 的控制器报告错误
15 {Data1} is not ready
   {Data1} 尚未就绪
51 Error on {Data1} while paging
   {Data1} 在分页操作中出错
52 {Data1} expects to fail soon: save its data
   {Data1} 预测即将损坏：请尽快备份
153 An operation on {Data1} had to be repeated
    {Data1} 上的读写操作已重试
154 An operation on {Data1} failed because of the hardware
    {Data1} 上的读写操作因硬件错误失败
157 {Data1} was pulled out while in use
    {Data1} 在使用中被移除

[ntfs]
50 Data could not be saved[ to {DriveName|Data1}]: it is lost
   数据未能写入[ {DriveName|Data1}]：已丢失
55 The file system of {DriveName|Data2|Data1} is damaged: run chkdsk
   {DriveName|Data2|Data1} 的文件系统损坏：请运行 chkdsk
57 Data could not be written to the log[ of {DriveName|Data1}]
   无法写入[ {DriveName|Data1} 的]事务日志
98 State of the file system on {DriveName}: {CorruptionActionState}
   {DriveName} 的文件系统状态：{CorruptionActionState}
137 Transactions are no longer possible on {DriveName|Data2|Data1}
    {DriveName|Data2|Data1} 上的事务资源管理器出错
140 Data could not be flushed to the volume {VolumeId|DeviceName}
    数据未能写入卷 {VolumeId|DeviceName}

[volmgr]
46 The computer cannot save its memory after a stop error
   无法初始化崩溃转储
161 Saving memory after a stop error failed
    创建崩溃转储文件失败

[volsnap]
25 Snapshots of the volume {VolumeName|Data2|Data1} were deleted for want of space
   因空间不足，卷 {VolumeName|Data2|Data1} 的快照已删除
36 Snapshots of the volume {VolumeName|Data2|Data1} were given up: the limit is reached
   卷 {VolumeName|Data2|Data1} 的快照已中止：达到上限

[srv]
2013 The disk {Data2|Data1} is nearly full
     磁盘 {Data2|Data1} 即将写满

[resource-exhaustion-detector]
2004 Windows runs out of memory
     Windows 内存即将耗尽

[windowsupdateclient]
19 Update installed: {updateTitle}
   更新已安装：{updateTitle}
20 Update failed ({errorCode}): {updateTitle}
   更新失败（{errorCode}）：{updateTitle}
25 Looking for updates failed[ ({errorCode})]
   检查更新失败[（{errorCode}）]
31 Downloading updates failed[ ({errorCode})]
   下载更新失败[（{errorCode}）]
41 Update downloaded: {updateTitle}
   更新已下载：{updateTitle}
43 Installing began: {updateTitle}
   开始安装：{updateTitle}
44 Downloading began: {updateTitle}
   开始下载：{updateTitle}

[time-service]
35 The clock is set by {TimeSource}
   时钟由 {TimeSource} 校准
36 The clock has not been set for {UnsynchronizedTimeSeconds} seconds
   时钟已有 {UnsynchronizedTimeSeconds} 秒未校准
37 The clock receives time from {TimeSource}
   时钟正从 {TimeSource} 接收时间
47 {TimeSource|ManualPeer|Data1} did not answer: the clock is not set from there
   {TimeSource|ManualPeer|Data1} 无响应：不再用其校准时钟
50 The clock was off by more than the limit for too long
   时钟偏差长时间超过允许值
129 No partner to set the clock by was found in the domain
    在域中未找到可校准时钟的对象
134 The name of the time source {DomainPeer} could not be resolved
    无法解析时间源 {DomainPeer} 的名称
158 The time provider {TimeProvider} says that the clock is set by hardware
    时间提供程序 {TimeProvider} 报告时钟由硬件校准

[dns-client]
1014 The name {QueryName} could not be resolved: no name server answered
     无法解析名称 {QueryName}：DNS 服务器均无响应

[tcpip]
4199 Another device uses the address {Data2|Data1}
     地址 {Data2|Data1} 与另一设备冲突
4227 A connection could not reuse its port: too many are still closing
     连接无法重用端口：过多连接尚未关闭

[netlogon]
5719 No domain controller for {Data1} could be reached
     无法连接域 {Data1} 的域控制器
5723 The computer {Data1} was refused: it has no account here
     拒绝计算机 {Data1} 的会话：无对应账户
5805 The computer {Data1} could not authenticate
     计算机 {Data1} 身份验证失败
5827 An unsafe connection of the computer {Data1} was refused
     已拒绝计算机 {Data1} 的不安全连接
5829 An unsafe connection of the computer {Data1} was permitted
     已允许计算机 {Data1} 的不安全连接

[schannel]
36871 The keys for encrypted connections could not be set up
      创建加密连接凭据失败
36874 A client offered no cipher that this server accepts
      客户端没有服务器可接受的加密套件
36887 The other side ended an encrypted connection, alert {AlertDesc}
      对端中止了加密连接，警报 {AlertDesc}
36888 An encrypted connection was ended, alert {AlertDesc}
      已中止加密连接，警报 {AlertDesc}

[distributedcom]
10005 The service {param2} could not be started for a component
      未能为组件启动服务 {param2}
10010 The component {param1} did not register in time
      组件 {param1} 未能及时注册
10016 {param6} may not {param3} the component {param4}
      {param6} 无权对组件 {param4} 执行 {param3}
10028 The computer {param1} could not be reached for a component
      组件调用无法连接计算机 {param1}

[grouppolicy]
1006 Group policy could not sign in to the directory
     组策略无法登录目录
1030 Group policy could not list what applies[: {ErrorDescription}]
     组策略无法查询策略列表[：{ErrorDescription}]
1054 Group policy could not find a domain controller[: {ErrorDescription}]
     组策略无法找到域控制器[：{ErrorDescription}]
1058 Group policy could not read {FilePath|GPOCNName}
     组策略无法读取 {FilePath|GPOCNName}
1085 The group policy part {ExtensionName} could not be applied
     组策略扩展 {ExtensionName} 应用失败
1129 Group policy failed: no network to a domain controller
     组策略失败：无法连接域控制器
1500 Group policy for the computer was applied: no change
     计算机组策略已应用：无变化
1501 Group policy for the user was applied: no change
     用户组策略已应用：无变化
1502 Group policy for the computer was applied, with {NumberOfGroupPolicyObjects} changes
     计算机组策略已应用，含 {NumberOfGroupPolicyObjects} 项变更
1503 Group policy for the user was applied, with {NumberOfGroupPolicyObjects} changes
     用户组策略已应用，含 {NumberOfGroupPolicyObjects} 项变更
8000 Group policy at start was worked through in {PolicyElaspedTimeInSeconds} s
     开机组策略处理完成，用时 {PolicyElaspedTimeInSeconds} 秒
8001 Group policy at sign-in of {PrincipalSamName} was worked through in {PolicyElaspedTimeInSeconds} s
     {PrincipalSamName} 登录组策略处理完成，用时 {PolicyElaspedTimeInSeconds} 秒

[bitlocker-api]
768 Encryption of the volume {VolumeName} began
    卷 {VolumeName} 开始加密
770 Decryption of the volume {VolumeName} began
    卷 {VolumeName} 开始解密
775 A key protector was added to the volume {VolumeName}
    卷 {VolumeName} 已添加密钥保护器
776 A key protector was removed from the volume {VolumeName}
    卷 {VolumeName} 已删除密钥保护器
845 The recovery key of {VolumeName} was saved to the directory
    {VolumeName} 的恢复密钥已备份到目录
846 The recovery key of {VolumeName} could not be saved to the directory
    {VolumeName} 的恢复密钥备份到目录失败
"""
