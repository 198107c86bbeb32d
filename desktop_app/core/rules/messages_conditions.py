"""The phrases of which conditions are told, English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

# Phrases of the renderer; they take part in sentences that exist only once a rule is read, so they stand here in both
# languages and not in the catalogue of translations.
PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "eq": "{field} is {value}", "co": "{field} contains {value}", "sw": "{field} begins with {value}",
        "ew": "{field} ends with {value}",
        "wi": "{field} looks like {value}", "re": "{field} matches the pattern {value}",
        "ci": "{field} is an address in {value}", "lt": "{field} is below {value}", "le": "{field} is at most {value}",
        "gt": "{field} is above {value}", "ge": "{field} is at least {value}",
        "ne": "{field} is a number other than {value}",
        "ex": "{field} is present", "fr": "{field} and {value} agree", "tp": "the {value} of {field}",
        "keyword": "the event contains {value}", "keyword_re": "the event matches the pattern {value}",
        "both": "({one})",
        "and": " and ", "or": " or ", "not": "not ({one})", "absent": "{field} is absent", "always": "every event",
        "never": "no event", "more": "{number} more", "any": "one of {values}", "nested": "further conditions",
        "event_count": "{test} events of {rules} within {span}{group}",
        "value_count": "{test} different values of {fields} among the events of {rules} within {span}{group}",
        "temporal": "{rules} all occur within {span}{group}",
        "temporal_some": "{test} of {rules} occur within {span}{group}",
        "temporal_ordered": "{rules} occur in this order within {span}{group}",
        "expression": "a combination of {rules} occurs within {span}{group}",
        "metric": "the {metric} of {fields} over {rules} within {span} is {test}{group}",
        "filter": "the rules that it is for fire only where {one}",
        "group": ", with the same {fields}", "list": ", ",
        "gte": "at least {n}", "gt_n": "more than {n}",
        "lte": "at most {n}", "lt_n": "fewer than {n}", "eq_n": "exactly {n}",
        "neq": "other than {n}", "s": "{n} s", "m": "{n} min", "h": "{n} h", "d": "{n} days",
        "sum": "sum", "avg": "average", "median": "median", "percentile": "percentile",
    },
    "zh": {
        "eq": "{field} 等于 {value}", "co": "{field} 包含 {value}", "sw": "{field} 以 {value} 开头",
        "ew": "{field} 以 {value} 结尾", "wi": "{field} 形如 {value}", "re": "{field} 匹配模式 {value}",
        "ci": "{field} 是 {value} 网段内的地址", "lt": "{field} 小于 {value}", "le": "{field} 不超过 {value}",
        "gt": "{field} 大于 {value}", "ge": "{field} 不小于 {value}", "ne": "{field} 是 {value} 以外的数字",
        "ex": "有 {field}", "fr": "{field} 与 {value} 一致", "tp": "{field} 的 {value}",
        "keyword": "事件包含 {value}", "keyword_re": "事件匹配模式 {value}",
        "both": "（{one}）",
        "and": "，且", "or": "，或", "not": "并非（{one}）", "absent": "没有 {field}", "always": "任何事件",
        "never": "没有事件", "more": "另有 {number} 项", "any": "下列之一：{values}", "nested": "更多条件",
        "event_count": "{span} 内{group}，{rules} 的事件{test}个",
        "value_count": "{span} 内{group}，{rules} 的事件中 {fields} 有{test}个不同的值",
        "temporal": "{span} 内{group}，{rules} 全部出现", "temporal_some": "{span} 内{group}，{rules} 中出现{test}个",
        "temporal_ordered": "{span} 内{group}，{rules} 依次出现",
        "expression": "{span} 内{group}，{rules} 按组合条件出现",
        "metric": "{span} 内{group}，{rules} 中 {fields} 的{metric}为{test}",
        "filter": "它所针对的规则只在满足以下条件时触发：{one}",
        "group": "（{fields} 相同）", "list": "、",
        "gte": "至少 {n} ", "gt_n": "超过 {n} ", "lte": "至多 {n} ", "lt_n": "少于 {n} ", "eq_n": "恰好 {n} ",
        "neq": "不是 {n} ", "s": "{n} 秒", "m": "{n} 分钟", "h": "{n} 小时", "d": "{n} 天",
        "sum": "总和", "avg": "平均值", "median": "中位数", "percentile": "百分位数",
    },
}  # fmt: skip
