"""Codes of Windows events in words, English and Chinese: sign-in types, status codes, Kerberos results and the like.

Sources: Microsoft's descriptions of the audit events, [MS-ERREF] for NTSTATUS, RFC 4120 for Kerberos results.
"""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, tuple[str, str]]

_LOGON: Words = {
    "0": ("system", "系统"),
    "2": ("at the keyboard", "本机键盘"),
    "3": ("over the network", "网络"),
    "4": ("scheduled task", "计划任务"),
    "5": ("service", "服务"),
    "7": ("unlock", "解锁"),
    "8": ("over the network, password in clear text", "网络，明文密码"),
    "9": ("other credentials for the network", "网络访问使用其他凭据"),
    "10": ("remote desktop", "远程桌面"),
    "11": ("at the keyboard, cached credentials", "本机键盘，缓存凭据"),
    "12": ("remote desktop, cached credentials", "远程桌面，缓存凭据"),
    "13": ("unlock, cached credentials", "解锁，缓存凭据"),
}

_STATUS: Words = {
    "0x0": ("success", "成功"),
    "0xc0000005": ("access violation", "访问冲突"),
    "0xc0000022": ("access denied", "拒绝访问"),
    "0xc000005e": ("no domain controller available", "没有可用的域控制器"),
    "0xc0000064": ("no such account", "账户不存在"),
    "0xc000006a": ("wrong password", "密码错误"),
    "0xc000006d": ("wrong name or password", "用户名或密码错误"),
    "0xc000006e": ("account restriction", "账户受限"),
    "0xc000006f": ("outside the permitted hours", "不在允许的登录时间内"),
    "0xc0000070": ("not permitted from this computer", "不允许从此计算机登录"),
    "0xc0000071": ("password expired", "密码已过期"),
    "0xc0000072": ("account disabled", "账户已停用"),
    "0xc00000dc": ("server in the wrong state", "服务器状态不正确"),
    "0xc0000133": ("clocks too far apart", "时钟相差过大"),
    "0xc000015b": ("this type of sign-in is not granted", "未授予此登录类型"),
    "0xc000018c": ("trust with the domain is broken", "与域的信任关系失效"),
    "0xc0000192": ("the Netlogon service is not running", "Netlogon 服务未运行"),
    "0xc0000193": ("account expired", "账户已到期"),
    "0xc0000224": ("password must be changed first", "必须先更改密码"),
    "0xc0000225": ("not found", "未找到"),
    "0xc0000234": ("account locked out", "账户已锁定"),
    "0xc0000409": ("stack buffer overrun", "栈缓冲区溢出"),
    "0xc0000413": ("sign-in not permitted by an authentication firewall", "身份验证防火墙不允许登录"),
}

_KERBEROS: Words = {
    "0x0": ("success", "成功"),
    "0x1": ("client's entry has expired", "客户端条目已过期"),
    "0x2": ("server's entry has expired", "服务器条目已过期"),
    "0x6": ("no such account", "账户不存在"),
    "0x7": ("no such service", "服务不存在"),
    "0x9": ("no key for the account", "账户没有密钥"),
    "0xb": ("start time later than end time", "开始时间晚于结束时间"),
    "0xc": ("policy refuses the request", "策略拒绝该请求"),
    "0xd": ("option cannot be granted", "无法满足所请求的选项"),
    "0xe": ("encryption type not supported", "不支持的加密类型"),
    "0x10": ("smart card sign-in not supported", "不支持智能卡登录"),
    "0x12": ("account disabled, expired or locked out", "账户已停用、到期或锁定"),
    "0x17": ("password expired", "密码已过期"),
    "0x18": ("wrong password", "密码错误"),
    "0x19": ("further pre-authentication needed", "需要进一步的预身份验证"),
    "0x1b": ("only for user-to-user requests", "仅限用户到用户的请求"),
    "0x1f": ("integrity check failed", "完整性校验失败"),
    "0x20": ("ticket expired", "票据已过期"),
    "0x22": ("request is a replay", "重放的请求"),
    "0x25": ("clocks too far apart", "时钟相差过大"),
    "0x29": ("message was modified", "消息被改动"),
    "0x3c": ("generic error", "一般错误"),
}

_CIPHER: Words = {
    "0x1": ("DES", "DES"),
    "0x3": ("DES", "DES"),
    "0x11": ("AES-128", "AES-128"),
    "0x12": ("AES-256", "AES-256"),
    "0x17": ("RC4, weak", "RC4，弱"),
    "0x18": ("RC4 export, weak", "RC4 导出级，弱"),
    "0xffffffff": ("none", "无"),
}

_START: Words = {
    "0": ("at boot", "引导时启动"),
    "1": ("by the system", "系统启动"),
    "2": ("automatic", "自动"),
    "3": ("on demand", "手动"),
    "4": ("disabled", "已禁用"),
    "auto start": ("automatic", "自动"),
    "demand start": ("on demand", "手动"),
    "boot start": ("at boot", "引导时启动"),
    "system start": ("by the system", "系统启动"),
    "disabled": ("disabled", "已禁用"),
}

_STATE: Words = {
    "running": ("running", "正在运行"),
    "stopped": ("stopped", "已停止"),
    "paused": ("paused", "已暂停"),
    "正在运行": ("running", "正在运行"),
    "停止": ("stopped", "已停止"),
}

_SWITCH: Words = {"true": ("yes", "是"), "false": ("no", "否"), "1": ("yes", "是"), "0": ("no", "否")}

_PROFILE: Words = {
    "1": ("domain", "域"),
    "2": ("private", "专用"),
    "4": ("public", "公用"),
    "domain": ("domain", "域"),
    "private": ("private", "专用"),
    "public": ("public", "公用"),
    "0x1": ("domain", "域"),
    "0x2": ("private", "专用"),
    "0x4": ("public", "公用"),
}

_PROTOCOL: Words = {"1": ("ICMP", "ICMP"), "6": ("TCP", "TCP"), "17": ("UDP", "UDP"), "58": ("ICMPv6", "ICMPv6")}

VOCABULARIES: Mapping[str, Words] = {
    "logon": _LOGON,
    "status": _STATUS,
    "kerberos": _KERBEROS,
    "cipher": _CIPHER,
    "start": _START,
    "state": _STATE,
    "switch": _SWITCH,
    "profile": _PROFILE,
    "protocol": _PROTOCOL,
}

# Windows writes numbers of phrases in some values and looks them up when it shows the event.
PHRASES: Words = {
    "%%809": ("quarantine", "隔离"),
    "%%887": ("not applicable", "不适用"),
    "%%1832": ("identification", "标识"),
    "%%1833": ("impersonation", "模拟"),
    "%%1840": ("delegation", "委派"),
    "%%1842": ("yes", "是"),
    "%%1843": ("no", "否"),
    "%%1904": ("new value created", "新建值"),
    "%%1905": ("value changed", "修改值"),
    "%%1906": ("value deleted", "删除值"),
    "%%1936": ("full rights", "完整权限"),
    "%%1937": ("raised rights", "提升的权限"),
    "%%1938": ("limited rights", "受限的权限"),
    "%%2305": ("no such account", "账户不存在"),
    "%%2307": ("account locked out", "账户已锁定"),
    "%%2308": ("this type of sign-in is not granted", "未授予此登录类型"),
    "%%2309": ("password expired", "密码已过期"),
    "%%2310": ("account disabled", "账户已停用"),
    "%%2311": ("outside the permitted hours", "不在允许的登录时间内"),
    "%%2312": ("not permitted from this computer", "不允许从此计算机登录"),
    "%%2313": ("wrong name or password", "用户名或密码错误"),
    "%%2480": ("open key", "打开密钥"),
    "%%8448": ("success removed", "已移除“成功”审核"),
    "%%8449": ("success added", "已添加“成功”审核"),
    "%%8450": ("failure removed", "已移除“失败”审核"),
    "%%8451": ("failure added", "已添加“失败”审核"),
    "%%14592": ("inbound", "入站"),
    "%%14593": ("outbound", "出站"),
    "%%14674": ("value added", "添加值"),
    "%%14675": ("value deleted", "删除值"),
    "%%14676": ("value unchanged", "值未变"),
}


def in_words(vocabulary: str, value: str, language: str) -> str:
    """Return a code in words; one that is not known stays as it is. ``vocabulary`` may be empty."""
    if value.startswith("%%"):
        codes = value.replace(",", " ").split()
        return ", ".join(_word(PHRASES, code, language) for code in codes)
    return _word(VOCABULARIES.get(vocabulary, {}), value, language)


def _word(words: Words, code: str, language: str) -> str:
    pair = words.get(code.strip().lower())
    return pair[language == "zh"] if pair else code
