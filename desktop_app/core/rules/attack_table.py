"""Techniques of MITRE ATT&CK (Enterprise, version 19): numbers, tactics and names, as facts for looking up.

A line: number, letters of its tactics, name; then the sub-techniques that rules name. MITRE ATT&CK is a registered
trademark of The MITRE Corporation; the names are ATT&CK's own; messages_attack.py has them as sentences.
"""

from __future__ import annotations

LETTERS = {
    "r": "reconnaissance",
    "d": "resource-development",
    "i": "initial-access",
    "x": "execution",
    "p": "persistence",
    "v": "privilege-escalation",
    "s": "stealth",
    "m": "defense-impairment",
    "c": "credential-access",
    "y": "discovery",
    "l": "lateral-movement",
    "k": "collection",
    "o": "command-and-control",
    "e": "exfiltration",
    "a": "impact",
}
LINES = """
T1001 o Data Obfuscation; 001 Junk Data; 002 Steganography; 003 Protocol or Service Impersonation
T1003 c OS Credential Dumping; 001 LSASS Memory; 002 Security Account Manager; 003 NTDS; 004 LSA Secrets; 005 Cached Domain Credentials; 006 DCSync; 007 Proc Filesystem; 008 /etc/passwd and /etc/shadow
T1005 k Data from Local System
T1006 s Direct Volume Access
T1007 y System Service Discovery
T1008 o Fallback Channels
T1010 y Application Window Discovery
T1011 e Exfiltration Over Other Network Medium; 001 Exfiltration Over Bluetooth
T1012 y Query Registry
T1014 s Rootkit
T1016 y System Network Configuration Discovery; 001 Internet Connection Discovery; 002 Wi-Fi Discovery
T1018 y Remote System Discovery
T1020 e Automated Exfiltration; 001 Traffic Duplication
T1021 l Remote Services; 001 Remote Desktop Protocol; 002 SMB/Windows Admin Shares; 003 Distributed Component Object Model; 004 SSH; 005 VNC; 006 Windows Remote Management; 007 Cloud Services; 008 Direct Cloud VM Connections
T1025 k Data from Removable Media
T1027 s Obfuscated Files or Information; 001 Binary Padding; 002 Software Packing; 003 Steganography; 004 Compile After Delivery; 005 Indicator Removal from Tools; 006 HTML Smuggling; 007 Dynamic API Resolution; 008 Stripped Payloads; 009 Embedded Payloads; 010 Command Obfuscation; 011 Fileless Storage; 012 LNK Icon Smuggling; 013 Encrypted/Encoded File; 018 Invisible Unicode
T1029 e Scheduled Transfer
T1030 e Data Transfer Size Limits
T1033 y System Owner/User Discovery
T1036 s Masquerading; 001 Invalid Code Signature; 002 Right-to-Left Override; 003 Rename Legitimate Utilities; 004 Masquerade Task or Service; 005 Match Legitimate Resource Name or Location; 006 Space after Filename; 007 Double File Extension; 008 Masquerade File Type; 009 Break Process Trees
T1037 pv Boot or Logon Initialization Scripts; 001 Logon Script (Windows); 002 Login Hook; 003 Network Logon Script; 004 RC Scripts; 005 Startup Items
T1039 k Data from Network Shared Drive
T1040 cy Network Sniffing
T1041 e Exfiltration Over C2 Channel
T1046 y Network Service Discovery
T1047 x Windows Management Instrumentation
T1048 e Exfiltration Over Alternative Protocol; 001 Exfiltration Over Symmetric Encrypted Non-C2 Protocol; 002 Exfiltration Over Asymmetric Encrypted Non-C2 Protocol; 003 Exfiltration Over Unencrypted Non-C2 Protocol
T1049 y System Network Connections Discovery
T1052 e Exfiltration Over Physical Medium; 001 Exfiltration over USB
T1053 xpv Scheduled Task/Job; 002 At; 003 Cron; 005 Scheduled Task; 006 Systemd Timers; 007 Container Orchestration Job
T1055 sv Process Injection; 001 Dynamic-link Library Injection; 002 Portable Executable Injection; 003 Thread Execution Hijacking; 004 Asynchronous Procedure Call; 005 Thread Local Storage; 008 Ptrace System Calls; 009 Proc Memory; 011 Extra Window Memory Injection; 012 Process Hollowing; 013 Process Doppelgänging; 014 VDSO Hijacking; 015 ListPlanting
T1056 kc Input Capture; 001 Keylogging; 002 GUI Input Capture; 003 Web Portal Capture; 004 Credential API Hooking
T1057 y Process Discovery
T1059 x Command and Scripting Interpreter; 001 PowerShell; 002 AppleScript; 003 Windows Command Shell; 004 Unix Shell; 005 Visual Basic; 006 Python; 007 JavaScript; 008 Network Device CLI; 009 Cloud API; 010 AutoHotKey & AutoIT; 011 Lua; 012 Hypervisor CLI
T1068 v Exploitation for Privilege Escalation
T1069 y Permission Groups Discovery; 001 Local Groups; 002 Domain Groups; 003 Cloud Groups
T1070 s Indicator Removal; 003 Clear Command History; 004 File Deletion; 005 Network Share Connection Removal; 006 Timestomp; 007 Clear Network Connection History and Configurations; 008 Clear Mailbox Data; 009 Clear Persistence
T1071 o Application Layer Protocol; 001 Web Protocols; 002 File Transfer Protocols; 003 Mail Protocols; 004 DNS; 005 Publish/Subscribe Protocols
T1072 xl Software Deployment Tools
T1074 k Data Staged; 001 Local Data Staging; 002 Remote Data Staging
T1078 ipvs Valid Accounts; 001 Default Accounts; 002 Domain Accounts; 003 Local Accounts; 004 Cloud Accounts
T1080 l Taint Shared Content
T1082 y System Information Discovery
T1083 y File and Directory Discovery
T1087 y Account Discovery; 001 Local Account; 002 Domain Account; 003 Email Account; 004 Cloud Account
T1090 o Proxy; 001 Internal Proxy; 002 External Proxy; 003 Multi-hop Proxy; 004 Domain Fronting
T1091 il Replication Through Removable Media
T1092 o Communication Through Removable Media
T1095 o Non-Application Layer Protocol
T1098 pv Account Manipulation; 001 Additional Cloud Credentials; 002 Additional Email Delegate Permissions; 003 Additional Cloud Roles; 004 SSH Authorized Keys; 005 Device Registration; 006 Additional Container Cluster Roles; 007 Additional Local or Domain Groups
T1102 o Web Service; 001 Dead Drop Resolver; 002 Bidirectional Communication; 003 One-Way Communication
T1104 o Multi-Stage Channels
T1105 o Ingress Tool Transfer
T1106 x Native API
T1110 c Brute Force; 001 Password Guessing; 002 Password Cracking; 003 Password Spraying; 004 Credential Stuffing
T1111 c Multi-Factor Authentication Interception
T1112 pm Modify Registry
T1113 k Screen Capture
T1114 k Email Collection; 001 Local Email Collection; 002 Remote Email Collection; 003 Email Forwarding Rule
T1115 k Clipboard Data
T1119 k Automated Collection
T1120 y Peripheral Device Discovery
T1123 k Audio Capture
T1124 y System Time Discovery
T1125 k Video Capture
T1127 s Trusted Developer Utilities Proxy Execution; 001 MSBuild; 002 ClickOnce; 003 JamPlus
T1129 x Shared Modules
T1132 o Data Encoding; 001 Standard Encoding; 002 Non-Standard Encoding
T1133 ip External Remote Services
T1134 vs Access Token Manipulation; 001 Token Impersonation/Theft; 002 Create Process with Token; 003 Make and Impersonate Token; 004 Parent PID Spoofing; 005 SID-History Injection
T1135 y Network Share Discovery
T1136 p Create Account; 001 Local Account; 002 Domain Account; 003 Cloud Account
T1137 p Office Application Startup; 001 Office Template Macros; 002 Office Test; 003 Outlook Forms; 004 Outlook Home Page; 005 Outlook Rules; 006 Add-ins
T1140 s Deobfuscate/Decode Files or Information
T1176 p Software Extensions; 001 Browser Extensions; 002 IDE Extensions
T1185 k Browser Session Hijacking
T1187 c Forced Authentication
T1189 i Drive-by Compromise
T1190 i Exploit Public-Facing Application
T1195 i Supply Chain Compromise; 001 Compromise Software Dependencies and Development Tools; 002 Compromise Software Supply Chain; 003 Compromise Hardware Supply Chain
T1197 ps BITS Jobs
T1199 i Trusted Relationship
T1200 i Hardware Additions
T1201 y Password Policy Discovery
T1202 s Indirect Command Execution
T1203 x Exploitation for Client Execution
T1204 x User Execution; 001 Malicious Link; 002 Malicious File; 003 Malicious Image; 004 Malicious Copy and Paste
T1205 pso Traffic Signaling; 001 Port Knocking; 002 Socket Filters
T1207 m Rogue Domain Controller
T1210 l Exploitation of Remote Services
T1211 s Exploitation for Stealth
T1212 c Exploitation for Credential Access
T1213 k Data from Information Repositories; 001 Confluence; 002 Sharepoint; 003 Code Repositories
T1216 s System Script Proxy Execution; 001 PubPrn; 002 SyncAppvPublishingServer
T1217 y Browser Information Discovery
T1218 s System Binary Proxy Execution; 001 Compiled HTML File; 002 Control Panel; 003 CMSTP; 004 InstallUtil; 005 Mshta; 007 Msiexec; 008 Odbcconf; 009 Regsvcs/Regasm; 010 Regsvr32; 011 Rundll32; 012 Verclsid; 013 Mavinject; 014 MMC; 015 Electron Applications
T1219 o Remote Access Tools; 001 IDE Tunneling; 002 Remote Desktop Software; 003 Remote Access Hardware
T1220 s XSL Script Processing
T1221 s Template Injection
T1222 m File and Directory Permissions Modification; 001 Windows File and Directory Permissions Modification; 002 Linux and Mac File and Directory Permissions Modification
T1480 s Execution Guardrails
T1482 y Domain Trust Discovery
T1484 vm Domain or Tenant Policy Modification; 001 Group Policy Modification; 002 Trust Modification
T1485 a Data Destruction
T1486 a Data Encrypted for Impact
T1489 a Service Stop
T1490 a Inhibit System Recovery
T1491 a Defacement; 001 Internal Defacement; 002 External Defacement
T1495 a Firmware Corruption
T1496 a Resource Hijacking; 001 Compute Hijacking
T1497 sy Virtualization/Sandbox Evasion; 001 System Checks; 002 User Activity Based Checks; 003 Time Based Checks
T1498 a Network Denial of Service; 001 Direct Network Flood; 002 Reflection Amplification
T1499 a Endpoint Denial of Service; 001 OS Exhaustion Flood; 002 Service Exhaustion Flood; 003 Application Exhaustion Flood; 004 Application or System Exploitation
T1505 p Server Software Component; 001 SQL Stored Procedures; 002 Transport Agent; 003 Web Shell; 004 IIS Components; 005 Terminal Services DLL
T1518 y Software Discovery; 001 Security Software Discovery
T1525 p Implant Internal Image
T1526 y Cloud Service Discovery
T1528 c Steal Application Access Token
T1529 a System Shutdown/Reboot
T1530 k Data from Cloud Storage
T1531 a Account Access Removal
T1534 l Internal Spearphishing
T1535 s Unused/Unsupported Cloud Regions
T1537 e Transfer Data to Cloud Account
T1538 y Cloud Service Dashboard
T1539 c Steal Web Session Cookie
T1542 ps Pre-OS Boot; 001 System Firmware; 002 Component Firmware; 003 Bootkit
T1543 pv Create or Modify System Process; 001 Launch Agent; 002 Systemd Service; 003 Windows Service; 004 Launch Daemon; 005 Container Service
T1546 pv Event Triggered Execution; 001 Change Default File Association; 002 Screensaver; 003 Windows Management Instrumentation Event Subscription; 004 Unix Shell Configuration Modification; 005 Trap; 006 LC_LOAD_DYLIB Addition; 007 Netsh Helper DLL; 008 Accessibility Features; 009 AppCert DLLs; 010 AppInit DLLs; 011 Application Shimming; 012 Image File Execution Options Injection; 013 PowerShell Profile; 014 Emond; 015 Component Object Model Hijacking; 016 Installer Packages; 017 Udev Rules
T1547 pv Boot or Logon Autostart Execution; 001 Registry Run Keys / Startup Folder; 002 Authentication Package; 003 Time Providers; 004 Winlogon Helper DLL; 005 Security Support Provider; 006 Kernel Modules and Extensions; 007 Re-opened Applications; 008 LSASS Driver; 009 Shortcut Modification; 010 Port Monitors; 012 Print Processors; 013 XDG Autostart Entries; 014 Active Setup; 015 Login Items
T1548 v Abuse Elevation Control Mechanism; 001 Setuid and Setgid; 002 Bypass User Account Control; 003 Sudo and Sudo Caching; 004 Elevated Execution with Prompt
T1550 l Use Alternate Authentication Material; 001 Application Access Token; 002 Pass the Hash; 003 Pass the Ticket; 004 Web Session Cookie
T1552 c Unsecured Credentials; 001 Credentials In Files; 002 Credentials in Registry; 003 Shell History; 004 Private Keys; 005 Cloud Instance Metadata API; 006 Group Policy Preferences; 007 Container API; 008 Chat Messages
T1553 m Subvert Trust Controls; 001 Gatekeeper Bypass; 002 Code Signing; 003 SIP and Trust Provider Hijacking; 004 Install Root Certificate; 005 Mark-of-the-Web Bypass; 006 Code Signing Policy Modification
T1554 p Compromise Host Software Binary
T1555 c Credentials from Password Stores; 001 Keychain; 002 Securityd Memory; 003 Credentials from Web Browsers; 004 Windows Credential Manager; 005 Password Managers; 006 Cloud Secrets Management Stores
T1556 cpm Modify Authentication Process; 001 Domain Controller Authentication; 002 Password Filter DLL; 003 Pluggable Authentication Modules; 004 Network Device Authentication; 005 Reversible Encryption; 006 Multi-Factor Authentication
T1557 ck Adversary-in-the-Middle; 001 LLMNR/NBT-NS Poisoning and SMB Relay; 002 ARP Cache Poisoning; 003 DHCP Spoofing
T1558 c Steal or Forge Kerberos Tickets; 001 Golden Ticket; 002 Silver Ticket; 003 Kerberoasting; 004 AS-REP Roasting
T1559 x Inter-Process Communication; 001 Component Object Model; 002 Dynamic Data Exchange
T1560 k Archive Collected Data; 001 Archive via Utility; 002 Archive via Library
T1561 a Disk Wipe; 001 Disk Content Wipe; 002 Disk Structure Wipe
T1563 l Remote Service Session Hijacking; 001 SSH Hijacking; 002 RDP Hijacking
T1564 s Hide Artifacts; 001 Hidden Files and Directories; 002 Hidden Users; 003 Hidden Window; 004 NTFS File Attributes; 005 Hidden File System; 006 Run Virtual Instance; 008 Email Hiding Rules; 009 Resource Forking; 010 Process Argument Spoofing
T1565 a Data Manipulation; 001 Stored Data Manipulation; 002 Transmitted Data Manipulation; 003 Runtime Data Manipulation
T1566 i Phishing; 001 Spearphishing Attachment; 002 Spearphishing Link; 003 Spearphishing via Service
T1567 e Exfiltration Over Web Service; 001 Exfiltration to Code Repository; 002 Exfiltration to Cloud Storage
T1568 o Dynamic Resolution; 001 Fast Flux DNS; 002 Domain Generation Algorithms
T1569 x System Services; 001 Launchctl; 002 Service Execution; 003 Systemctl
T1570 l Lateral Tool Transfer
T1571 o Non-Standard Port
T1572 o Protocol Tunneling
T1573 o Encrypted Channel; 001 Symmetric Cryptography; 002 Asymmetric Cryptography
T1574 pvsx Hijack Execution Flow; 001 DLL; 004 Dylib Hijacking; 005 Executable Installer File Permissions Weakness; 006 Dynamic Linker Hijacking; 007 Path Interception by PATH Environment Variable; 008 Path Interception by Search Order Hijacking; 009 Path Interception by Unquoted Path; 010 Services File Permissions Weakness; 011 Services Registry Permissions Weakness; 012 COR_PROFILER; 013 KernelCallbackTable; 014 AppDomainManager
T1578 m Modify Cloud Compute Infrastructure; 001 Create Snapshot; 002 Create Cloud Instance; 003 Delete Cloud Instance
T1580 y Cloud Infrastructure Discovery
T1583 d Acquire Infrastructure
T1584 d Compromise Infrastructure
T1585 d Establish Accounts
T1586 d Compromise Accounts; 001 Social Media Accounts; 002 Email Accounts; 003 Cloud Accounts
T1587 d Develop Capabilities; 001 Malware; 002 Code Signing Certificates; 003 Digital Certificates; 004 Exploits
T1588 d Obtain Capabilities; 001 Malware; 002 Tool; 003 Code Signing Certificates; 004 Digital Certificates; 005 Exploits; 006 Vulnerabilities
T1589 r Gather Victim Identity Information; 001 Credentials; 002 Email Addresses; 003 Employee Names
T1590 r Gather Victim Network Information; 001 Domain Properties; 002 DNS; 004 Network Topology; 005 IP Addresses
T1591 r Gather Victim Org Information; 004 Identify Roles
T1592 r Gather Victim Host Information; 001 Hardware; 002 Software; 003 Firmware; 004 Client Configurations
T1593 r Search Open Websites/Domains; 001 Social Media; 002 Search Engines; 003 Code Repositories
T1594 r Search Victim-Owned Websites
T1595 r Active Scanning; 001 Scanning IP Blocks; 002 Vulnerability Scanning; 003 Wordlist Scanning
T1596 r Search Open Technical Databases
T1597 r Search Closed Sources
T1598 r Phishing for Information; 001 Spearphishing Service; 002 Spearphishing Attachment; 003 Spearphishing Link
T1599 m Network Boundary Bridging; 001 Network Address Translation Traversal
T1600 m Weaken Encryption
T1601 m Modify System Image
T1602 k Data from Configuration Repository
T1606 c Forge Web Credentials; 001 Web Cookies; 002 SAML Tokens
T1608 d Stage Capabilities; 001 Upload Malware; 002 Upload Tool; 003 Install Digital Certificate; 004 Drive-by Target; 005 Link Target
T1609 x Container Administration Command
T1610 sx Deploy Container
T1611 v Escape to Host
T1612 s Build Image on Host
T1613 y Container and Resource Discovery
T1614 y System Location Discovery; 001 System Language Discovery
T1615 y Group Policy Discovery
T1619 y Cloud Storage Object Discovery
T1620 s Reflective Code Loading
T1621 c Multi-Factor Authentication Request Generation
T1622 sy Debugger Evasion
T1647 s Plist File Modification
T1648 x Serverless Execution
T1649 c Steal or Forge Authentication Certificates
T1650 d Acquire Access
T1651 x Cloud Administration Command
T1652 y Device Driver Discovery
T1653 p Power Settings
T1654 y Log Enumeration
T1657 a Financial Theft
T1659 io Content Injection
T1665 o Hide Infrastructure
T1666 m Modify Cloud Resource Hierarchy
T1667 a Email Bombing
T1668 p Exclusive Control
T1669 i Wi-Fi Networks
T1671 p Cloud Application Integration
T1673 y Virtual Machine Discovery
T1674 x Input Injection
T1675 x ESXi Administration Command
T1677 x Poisoned Pipeline Execution
T1678 s Delay Execution
T1680 y Local Storage Discovery
T1681 r Search Threat Vendor Data
T1682 r Query Public AI Services
T1683 d Generate Content; 001 Written Content; 002 Audio-Visual Content
T1684 i Social Engineering; 001 Impersonation; 002 Email Spoofing
T1685 m Disable or Modify Tools; 001 Disable or Modify Windows Event Log; 002 Disable or Modify Cloud Log; 003 Modify or Spoof Tool UI; 004 Disable or Modify Linux Audit System Log; 005 Clear Windows Event Logs; 006 Clear Linux or Mac System Logs
T1686 m Disable or Modify System Firewall; 001 Cloud Firewall; 002 Network Device Firewall; 003 Windows Host Firewall
T1687 m Exploitation for Defense Impairment
T1688 m Safe Mode Boot
T1689 m Downgrade Attack
T1690 m Prevent Command History Logging
"""  # noqa: E501 - one technique a line
# Numbers that rules written for earlier versions name, and what they are now.
FORMER = {
    "T1562": "T1685",
    "T1562.001": "T1685",
    "T1562.002": "T1685.001",
    "T1562.003": "T1690",
    "T1562.004": "T1686",
    "T1562.006": "T1685",
    "T1562.007": "T1686.001",
    "T1562.008": "T1685.002",
    "T1562.009": "T1688",
    "T1562.010": "T1689",
    "T1562.012": "T1685.004",
    "T1070.001": "T1685.005",
    "T1070.002": "T1685.006",
}
