// Sentences of the scripts. The English sentence is its own id; other languages come as one JSON file each.
const FILES = { "zh-CN": "/static/i18n/zh_Hans_CN.json" };

async function load(language) {
  if (!(language in FILES)) return {};
  const answer = await fetch(FILES[language]);
  return answer.ok ? answer.json() : {};
}

const table = await load(document.documentElement.lang);

/** Return the sentence in the language of the page, with `%(name)s` filled from `values`. */
export function t(sentence, values = {}) {
  const translated = table[sentence] || sentence;
  return translated.replace(/%\((\w+)\)s/g, (whole, name) => String(values[name] ?? whole));
}
