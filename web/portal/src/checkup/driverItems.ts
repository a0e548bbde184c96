import type { Driver, SmartCard, Token, TokenList } from '@hutong/sdk';
import { item, type Item, type ItemCode, type Value } from './items';

const kFailed: Partial<Record<Driver['state'], ItemCode>> = {
  crashed: 'driver.crashed',
  hung: 'driver.hung',
  faulty: 'driver.faulty',
  refused_digest: 'driver.refused_digest',
  refused_library: 'driver.refused_library',
  refused_symbol: 'driver.refused_symbol',
  not_started: 'driver.not_started',
};

function nameOf(driver: Driver): Value {
  const called = (vendor: string) => [vendor, driver.product].filter(Boolean).join(' ') || driver.driver;
  return { zh: called(driver.vendor_zh || driver.vendor), en: called(driver.vendor || driver.vendor_zh) };
}

function driverItem(driver: Driver): Item {
  const values = { name: nameOf(driver), driver: driver.driver, library: driver.library };
  const failed = kFailed[driver.state];
  if (failed) return item('bad', failed, values, { ...driver });
  if (driver.restarts > 0) return item('warning', 'driver.restarted', { ...values, restarts: driver.restarts }, { ...driver });
  return item('good', 'driver.ready', { ...values, devices: driver.devices }, { ...driver });
}

/** One sentence for all that are not there: most machines lack most vendors' drivers, and that is no fault. */
function absentItem(drivers: Driver[]): Item[] {
  if (drivers.length === 0) return [];
  const names = drivers.map(nameOf) as { zh: string; en: string }[];
  const joined = { zh: names.map(({ zh }) => zh).join('、'), en: names.map(({ en }) => en).join(', ') };
  return [item('note', 'driver.not_installed', { count: drivers.length, names: joined })];
}

/** Tokens that two drivers show at once: whichever is asked second may find it in use. */
function sharedItems(tokens: Token[]): Item[] {
  const seen = new Map<string, Token>();
  return tokens.flatMap((token) => {
    const key = `${token.manufacturer}|${token.serial_number}`;
    const other = seen.get(key);
    if (!token.serial_number) return [];
    seen.set(key, token);
    if (!other || other.driver === token.driver) return [];
    return [item('warning', 'driver.same_token', { token: token.label || token.name, one: other.driver, other: token.driver })];
  });
}

function cardItem(card: SmartCard, drivers: Driver[]): Item {
  const driver = drivers.find((one) => one.driver === card.driver);
  const values = { reader: card.reader, atr: card.atr, name: driver ? nameOf(driver) : '' };
  if (card.problem === 'pcsc.mute_card') return item('warning', 'card.mute', values, { ...card });
  if (!driver) return item('warning', 'card.unknown', values, { ...card });
  return driver.installed ? item('good', 'card.good', values, { ...card }) : item('bad', 'card.no_driver', values, { ...card });
}

export function driverItems(list: TokenList): Item[] {
  const present = list.drivers.filter(({ installed }) => installed);
  const items = present.map(driverItem);
  const bad = items.filter(({ state }) => state === 'bad');
  if (present.length === 0) items.push(item('bad', 'driver.none'));
  else if (bad.length > 0 && bad.length < items.length) items.push(item('note', 'driver.others_fine', { count: items.length - bad.length }));
  return [
    ...items,
    ...sharedItems(list.tokens),
    ...list.smart_cards.cards.map((card) => cardItem(card, list.drivers)),
    ...list.description_errors.map((error) => item('warning', 'driver.description', { detail: error.detail }, { ...error })),
    ...absentItem(list.drivers.filter(({ installed }) => !installed)),
  ];
}
