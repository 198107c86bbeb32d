"""Sentences for programs: crashes, installers, Sysmon, PowerShell, scheduled tasks, antivirus. See ``messages``."""

from __future__ import annotations

TABLE = """
[application error]
1000 {AppName|Data1} crashed[ in {ModuleName|Data4}][, code {ExceptionCode|Data7}]
     {AppName|Data1} 崩溃[，模块 {ModuleName|Data4}][，代码 {ExceptionCode|Data7}]
1005 Windows could not read a file that {Data3|Data1} needs
     Windows 无法读取 {Data3|Data1} 所需的文件

[application hang]
1002 {AppName|Program|Data1} stopped responding and was closed
     {AppName|Program|Data1} 停止响应并已关闭

[windows error reporting]
1001 Fault report {EventName|Data3}[ for {P1|Data6}]
     故障报告 {EventName|Data3}[，程序 {P1|Data6}]

[.net runtime]
1023 A .NET program ended by an internal error[: {Data1}]
     .NET 程序因内部错误终止[：{Data1}]
1026 A .NET program ended by an error nobody handled[: {Data1}]
     .NET 程序因未处理的异常终止[：{Data1}]

[sidebyside]
33 {Data1} could not start: a component it needs is missing
   {Data1} 无法启动：缺少所需的组件
59 {Data1} could not start: its manifest is wrong
   {Data1} 无法启动：清单文件有误

[msiinstaller]
1029 A restart is needed to finish {Data1}
     需要重启以完成 {Data1} 的安装
1033 Installed: {Data1} {Data2}[ by {Data5}], result {Data4}
     已安装：{Data1} {Data2}[，厂商 {Data5}]，结果 {Data4}
1034 Removed: {Data1} {Data2}, result {Data4}
     已卸载：{Data1} {Data2}，结果 {Data4}
1035 Set up again: {Data1} {Data2}, result {Data4}
     已重新配置：{Data1} {Data2}，结果 {Data4}
1036 Update {Data5} for {Data1}, result {Data6}
     {Data1} 的更新 {Data5}，结果 {Data6}
1038 {Data1} needs a restart
     {Data1} 需要重启
1040 Installer transaction began: {Data1}[, process {Data2}]
     安装事务开始：{Data1}[，进程 {Data2}]
1042 Installer transaction ended: {Data1}[, process {Data2}]
     安装事务结束：{Data1}[，进程 {Data2}]
11707 Installation succeeded: {Data1}
      安装成功：{Data1}
11708 Installation failed: {Data1}
      安装失败：{Data1}
11724 Removal succeeded: {Data1}
      卸载成功：{Data1}
11725 Removal failed: {Data1}
      卸载失败：{Data1}

[esent]
216 {Data1}: the database moved from {Data4} to {Data5}
    {Data1}：数据库由 {Data4} 移到 {Data5}
325 {Data1} created the database {Data5}
    {Data1} 创建了数据库 {Data5}
326 {Data1} opened the database {Data5}
    {Data1} 打开了数据库 {Data5}
327 {Data1} closed the database {Data5}
    {Data1} 关闭了数据库 {Data5}

[mssqlserver]
15281 {Data2} was refused on the database server: {Data3} is switched off
      数据库服务器拒绝了 {Data2}：{Data3} 已关闭
15457 Database server setting {Data1} changed from {Data2} to {Data3}
      数据库服务器设置 {Data1} 由 {Data2} 改为 {Data3}
18453 {Data1} signed in to the database server[ {Data2}]
      {Data1} 已登录数据库服务器[ {Data2}]
18454 {Data1} signed in to the database server with a password[ {Data2}]
      {Data1} 以密码登录数据库服务器[ {Data2}]
18456 Sign-in to the database server failed for {Data1}[:{Data2}][{Data3}]
      {Data1} 登录数据库服务器失败[：{Data2}][{Data3}]

33205 Audit record of the database server[: {Data1}]
      数据库服务器审核记录[：{Data1}]

[vss]
12289 Shadow copy error[: {Data1}]
      卷影复制错误[：{Data1}]
8193 Shadow copy: a call failed[: {Data1}]
     卷影复制：调用失败[：{Data1}]
8224 The shadow copy service ended because nothing used it
     卷影复制服务因空闲而停止

[user profiles service]
1511 Windows could not find the profile and uses a temporary one
     Windows 找不到用户配置文件，已使用临时配置文件
1530 The registry of a user was still in use at sign-out[: {Detail|Data1}]
     注销时用户注册表仍在使用[：{Detail|Data1}]

[wininit]
1001 Result of checking the disk at start[: {Data1|param1}]
     开机磁盘检查的结果[：{Data1|param1}]
1015 The critical process {Data1|param1} failed, the computer had to restart
     关键进程 {Data1|param1} 失败，计算机须重启

[winlogon]
4005 The sign-in process ended unexpectedly
     登录进程意外终止
7001 A user signed in[ ({UserSid})]
     用户已登录[（{UserSid}）]
7002 A user signed out[ ({UserSid})]
     用户已注销[（{UserSid}）]

[restartmanager]
10000 Restart manager began a session[ in process {ClientProcessId}]
      重启管理器开始会话[，进程 {ClientProcessId}]
10001 Restart manager ended a session
      重启管理器结束会话
10010 {DisplayName} cannot be restarted
      {DisplayName} 无法被重启

[securitycenter]
15 State of {Data1} changed
   {Data1} 的状态已更新

[processexitmonitor]
3000 {param1} ended itself[, code {param2}]
     {param1} 自行退出[，代码 {param2}]
3001 {param1} was ended by {param2}
     {param1} 被 {param2} 结束

[sysmon]
1 {User} started {Image}[: {CommandLine}]
  {User} 启动了 {Image}[：{CommandLine}]
2 {Image} changed the creation time of {TargetFilename}
  {Image} 修改了 {TargetFilename} 的创建时间
3 {Image} connected to {DestinationIp}:{DestinationPort}[ ({DestinationHostname})]
  {Image} 连接到 {DestinationIp}:{DestinationPort}[（{DestinationHostname}）]
4 Sysmon is now {State}
  Sysmon 状态：{State}
5 {Image} ended
  {Image} 已结束
6 Driver loaded: {ImageLoaded}[, signed by {Signature}]
  已加载驱动：{ImageLoaded}[，签名 {Signature}]
7 {Image} loaded {ImageLoaded}[, signed by {Signature}]
  {Image} 加载了 {ImageLoaded}[，签名 {Signature}]
8 {SourceImage} started a thread inside {TargetImage}
  {SourceImage} 在 {TargetImage} 中创建了线程
9 {Image} read the raw disk {Device}
  {Image} 直接读取磁盘 {Device}
10 {SourceImage} opened the process {TargetImage}[, rights {GrantedAccess}]
   {SourceImage} 打开了进程 {TargetImage}[，权限 {GrantedAccess}]
11 {Image} wrote the file {TargetFilename}
   {Image} 写入了文件 {TargetFilename}
12 {Image} created or deleted the registry key {TargetObject}[ ({EventType})]
   {Image} 创建或删除了注册表项 {TargetObject}[（{EventType}）]
13 {Image} set the registry value {TargetObject}[ to {Details}]
   {Image} 设置了注册表值 {TargetObject}[，新值 {Details}]
14 {Image} renamed {TargetObject} to {NewName}
   {Image} 将 {TargetObject} 改名为 {NewName}
15 {Image} wrote a hidden stream of {TargetFilename}
   {Image} 写入了 {TargetFilename} 的附加数据流
16 Sysmon's configuration changed[: {Configuration}]
   Sysmon 配置已更改[：{Configuration}]
17 {Image} made the pipe {PipeName}
   {Image} 创建了管道 {PipeName}
18 {Image} connected to the pipe {PipeName}
   {Image} 连接到管道 {PipeName}
19 {User} made the WMI filter {Name}: {Query}
   {User} 创建了 WMI 筛选器 {Name}：{Query}
20 {User} made the WMI consumer {Name}: {Destination}
   {User} 创建了 WMI 使用者 {Name}：{Destination}
21 {User} bound the WMI filter {Filter} to {Consumer}
   {User} 将 WMI 筛选器 {Filter} 绑定到 {Consumer}
22 {Image} asked for the name {QueryName}[: {QueryResults}]
   {Image} 查询了域名 {QueryName}[：{QueryResults}]
23 {Image} deleted {TargetFilename}, a copy was kept
   {Image} 删除了 {TargetFilename}，已保留副本
24 {Image} changed the clipboard
   {Image} 更改了剪贴板
25 The memory of {Image} was tampered with[: {Type}]
   {Image} 的内存被篡改[：{Type}]
26 {Image} deleted {TargetFilename}
   {Image} 删除了 {TargetFilename}
27 {Image} was kept from writing the program {TargetFilename}
   已阻止 {Image} 写入程序文件 {TargetFilename}
28 {Image} was kept from shredding {TargetFilename}
   已阻止 {Image} 粉碎文件 {TargetFilename}
29 {Image} wrote the program {TargetFilename}
   {Image} 写入了程序文件 {TargetFilename}
255 Sysmon met an error[: {Description}]
    Sysmon 出错[：{Description}]

[powershell]
400 PowerShell started[: {Data3}]
    PowerShell 已启动[：{Data3}]
403 PowerShell ended
    PowerShell 已结束
500 Command began[: {Data1}]
    命令开始执行[：{Data1}]
501 Command ended[: {Data1}]
    命令执行结束[：{Data1}]
600 PowerShell provider {Data1} is {Data2}
    PowerShell 提供程序 {Data1} 状态 {Data2}
800 PowerShell ran[: {Data1}]
    PowerShell 执行了[：{Data1}]
4100 PowerShell error[: {Payload}]
     PowerShell 错误[：{Payload}]
4103 PowerShell ran[: {Payload}]
     PowerShell 执行了[：{Payload}]
4104 PowerShell script[ {Path}]: {ScriptBlockText}
     PowerShell 脚本[ {Path}]：{ScriptBlockText}
4105 PowerShell script {ScriptBlockId} began
     PowerShell 脚本 {ScriptBlockId} 开始
4106 PowerShell script {ScriptBlockId} ended
     PowerShell 脚本 {ScriptBlockId} 结束
40961 The PowerShell console is starting
      PowerShell 控制台正在启动
40962 The PowerShell console is ready
      PowerShell 控制台已就绪
53504 PowerShell process {param1} listens for other programs[ in {param2}]
      PowerShell 进程 {param1} 开始监听其他程序[，域 {param2}]

[taskscheduler]
100 The task {TaskName} started[ as {UserContext}]
    任务 {TaskName} 已启动[，账户 {UserContext}]
101 The task {TaskName} could not start[ as {UserContext}][, code {ResultCode}]
    任务 {TaskName} 启动失败[，账户 {UserContext}][，代码 {ResultCode}]
102 The task {TaskName} is done
    任务 {TaskName} 已完成
103 The action of the task {TaskName} could not start[, code {ResultCode}]
    任务 {TaskName} 的操作启动失败[，代码 {ResultCode}]
106 {UserContext} registered the task {TaskName}
    {UserContext} 注册了任务 {TaskName}
107 The task {TaskName} started by its time
    任务 {TaskName} 按时间触发启动
108 The task {TaskName} started by an event
    任务 {TaskName} 由事件触发启动
110 {UserContext} started the task {TaskName} by hand
    {UserContext} 手动启动了任务 {TaskName}
111 The task {TaskName} was ended
    任务 {TaskName} 已被终止
119 The task {TaskName} started because {UserName} signed in
    因 {UserName} 登录，任务 {TaskName} 已启动
129 The task {TaskName} started {Path}
    任务 {TaskName} 启动了 {Path}
140 {UserName} changed the task {TaskName}
    {UserName} 修改了任务 {TaskName}
141 {UserName} deleted the task {TaskName}
    {UserName} 删除了任务 {TaskName}
142 {UserName} disabled the task {TaskName}
    {UserName} 禁用了任务 {TaskName}
200 The task {TaskName} runs {ActionName}
    任务 {TaskName} 正在运行 {ActionName}
201 The task {TaskName} finished {ActionName}[, code {ResultCode}]
    任务 {TaskName} 完成了 {ActionName}[，代码 {ResultCode}]
203 The task {TaskName} could not run {ActionName}[, code {ResultCode}]
    任务 {TaskName} 无法运行 {ActionName}[，代码 {ResultCode}]
322 The task {TaskName} was not started: it is still running
    任务 {TaskName} 未启动：仍在运行
329 The task {TaskName} was ended because it took too long
    任务 {TaskName} 运行超时，已被终止
332 The task {TaskName} was not started: {UserName} is not signed in
    任务 {TaskName} 未启动：{UserName} 未登录
"""
