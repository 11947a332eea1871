import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstRegion, internationalNumber, listCountries, searchCountries, splitNumber } from '../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/countries.js';

const english = listCountries('en');
const german = listCountries('de');
const regions = (countries) => countries.map(({ region }) => region);

test('Every country has a name in every language, and the list is sorted for it', () => {
  for (const language of ['en', 'de', 'ar', 'hi', 'ja', 'zh']) {
    const countries = listCountries(language);
    const names = countries.map(({ name }) => name);

    assert.equal(countries.length, english.length);
    assert.deepEqual(names, names.toSorted(new Intl.Collator([language, 'en']).compare));
    assert.ok(countries.every(({ name, region }) => name !== region), language);
  }
});

test('A search finds a country by its name in either language, by its code and by its dial code', () => {
  for (const typed of ['Österr', 'osterreich', 'AUSTRIA', 'at', '43', '+43', '0043']) {
    assert.ok(regions(searchCountries(german, typed)).includes('AT'), typed);
  }
  assert.deepEqual(regions(searchCountries(english, 'united k')), ['GB']);
  assert.deepEqual(regions(searchCountries(english, 'kingd')), ['GB']);
  assert.deepEqual(regions(searchCountries(english, 'cote')), ['CI']);
  assert.deepEqual(regions(searchCountries(english, 'xyz')), []);
  assert.equal(searchCountries(english, '').length, english.length);
});

test('Names that begin with the text come before names that contain it', () => {
  assert.ok(!regions(searchCountries(english, 'ger')).includes('NE'));
  assert.ok(regions(searchCountries(english, 'ger')).includes('DE'));
});

test('A number with a country code selects the country and keeps the rest', () => {
  for (const [text, region, rest] of [
    ['+49 151 23456789', 'DE', '151 23456789'],
    ['+4915123456789', 'DE', '15123456789'],
    ['0049 151 23456789', 'DE', '151 23456789'],
    ['+44 (0)7911 123456', 'GB', '(0)7911 123456'],
    ['＋３３ ６１２３４５６７８', 'FR', '612345678'],
    ['\u202d+41 78 123 45 67\u202c', 'CH', '78 123 45 67'],
    ['+٤٤ ٧٩١١', 'GB', '7911'],
    ['+ 3 5 1 912', 'PT', '912'],
    ['+1', 'US', ''],
  ]) {
    assert.deepEqual(splitNumber(text, 'IS'), { region, rest }, text);
  }
});

test('A country stays selected if its code is the same', () => {
  assert.equal(splitNumber('+1 416 555 0123', 'CA')?.region, 'CA');
  assert.equal(splitNumber('+7 701 234 56 78', 'KZ')?.region, 'KZ');
  assert.equal(splitNumber('+1 416 555 0123', 'DE')?.region, 'US');
});

test('Other texts are left alone', () => {
  for (const text of ['', '+', '+4', '00', '0151 2345', '151', '+999 1', 'call +49', '1 +49']) {
    assert.equal(splitNumber(text, 'DE'), null, text);
  }
});

test('The number for the server has a country code', () => {
  assert.equal(internationalNumber('DE', ' 0151 2345 '), '+49 0151 2345');
  assert.equal(internationalNumber('DE', '+999 1'), '+999 1');
  assert.equal(internationalNumber('DE', '00999 1'), '+999 1');
  assert.equal(internationalNumber('SA', '٠٥٠ ١٢٣'), '+966 050 123');
});

test('The list begins with the country of the page, then with that of the browser', () => {
  assert.equal(firstRegion('gb', ['de-AT']), 'GB');
  assert.equal(firstRegion('', ['de-AT', 'en-US']), 'AT');
  assert.equal(firstRegion('XX', ['ja']), 'JP');
  assert.equal(firstRegion('', ['not a language!']), 'US');
  assert.equal(firstRegion('', []), 'US');
});
