// Sentences of the scripts. The English sentence is its own id; other languages come as one JSON file each.
const file = { "zh-CN": "/static/i18n/zh_Hans_CN.json" }[document.documentElement.lang];
const answer = file && (await fetch(file));
const table = answer?.ok ? await answer.json() : {};

/** Return the sentence in the language of the page, with `%(name)s` filled from `values`. */
export function t(sentence, values = {}) {
  const translated = table[sentence] || sentence;
  return translated.replace(/%\((\w+)\)s/g, (whole, name) => String(values[name] ?? whole));
}
