// The tables `urltestdata.json` and `setters_tests.json` of the Web Platform Tests.
const parts = ["href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash"];

function differs(test) {
  let url;
  try {
    url = new URL(test.input, test.base ?? undefined);
  } catch (error) {
    return test.failure && error instanceof TypeError ? null : `${error.name}: ${error.message}`;
  }
  if (test.failure) return `${url.href} and no failure`;
  const part = parts.find((part) => part in test && url[part] !== test[part]);
  return part ? `${part} is ${url[part]} and not ${test[part]}` : null;
}

function collect(tests, check) {
  const failed = [];
  for (const test of tests) {
    const problem = check(test);
    if (problem) failed.push(`${JSON.stringify(test.input ?? test.href)}: ${problem}`);
  }
  return { passed: tests.length - failed.length, failed };
}

export const parsing = (table) => collect(table.filter((test) => typeof test === "object"), differs);

export function setters(table) {
  const tests = Object.entries(table).flatMap(([part, list]) => (part === "comment" ? [] : list.map((test) => ({ part, ...test }))));
  return collect(tests, ({ part, href, new_value, expected }) => {
    const url = new URL(href);
    url[part] = new_value;
    const wrong = Object.keys(expected).find((name) => url[name] !== expected[name]);
    return wrong ? `${part} = ${JSON.stringify(new_value)}: ${wrong} is ${url[wrong]} and not ${expected[wrong]}` : null;
  });
}
