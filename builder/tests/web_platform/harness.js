// A test is a name and a function; it passes unless that throws or rejects.
const areas = {};

export const area = (name) => (title, test) => (areas[name] ??= []).push({ title, test });

export function equal(actual, expected) {
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value) ?? String(value));
  if (a !== b) throw new Error(`${a} and not ${b}`);
}

export function throws(action, name) {
  try {
    action();
  } catch (error) {
    if (error.name !== name) throw new Error(`${error.name} and not ${name}`);
    return;
  }
  throw new Error(`no ${name}`);
}

export async function rejects(promise, name) {
  try {
    await promise;
  } catch (error) {
    if ((error?.name ?? error) !== name) throw new Error(`${error?.name ?? error} and not ${name}`);
    return;
  }
  throw new Error(`no ${name}`);
}

export async function run(name) {
  const failed = [];
  for (const { title, test } of areas[name]) {
    try {
      await test();
    } catch (error) {
      failed.push(`${title}: ${error.message}`);
    }
  }
  return { passed: areas[name].length - failed.length, failed };
}
