import { asciiDigits } from './codes.js';

/**
 * The countries of each dial code, its main country first (ITU-T E.164). A test compares the list with the one of libphonenumber.
 */
const countriesOfCodes =
  '1US AG AI AS BB BM BS CA DM DO GD GU JM KN KY LC MP MS PR SX TC TT VC VG VI|7RU KZ|20EG|27ZA|30GR|31NL|32BE|33FR|34ES|36HU|39IT VA|40RO|' +
  '41CH|43AT|44GB GG IM JE|45DK|46SE|47NO SJ|48PL|49DE|51PE|52MX|53CU|54AR|55BR|56CL|57CO|58VE|60MY|61AU CC CX|62ID|63PH|64NZ|65SG|66TH|' +
  '81JP|82KR|84VN|86CN|90TR|91IN|92PK|93AF|94LK|95MM|98IR|211SS|212MA EH|213DZ|216TN|218LY|220GM|221SN|222MR|223ML|224GN|225CI|226BF|227NE|' +
  '228TG|229BJ|230MU|231LR|232SL|233GH|234NG|235TD|236CF|237CM|238CV|239ST|240GQ|241GA|242CG|243CD|244AO|245GW|246IO|247AC|248SC|249SD|' +
  '250RW|251ET|252SO|253DJ|254KE|255TZ|256UG|257BI|258MZ|260ZM|261MG|262RE YT|263ZW|264NA|265MW|266LS|267BW|268SZ|269KM|290SH TA|291ER|' +
  '297AW|298FO|299GL|350GI|351PT|352LU|353IE|354IS|355AL|356MT|357CY|358FI AX|359BG|370LT|371LV|372EE|373MD|374AM|375BY|376AD|377MC|378SM|' +
  '380UA|381RS|382ME|383XK|385HR|386SI|387BA|389MK|420CZ|421SK|423LI|500FK|501BZ|502GT|503SV|504HN|505NI|506CR|507PA|508PM|509HT|' +
  '590GP BL MF|591BO|592GY|593EC|594GF|595PY|596MQ|597SR|598UY|599CW BQ|670TL|672NF|673BN|674NR|675PG|676TO|677SB|678VU|679FJ|680PW|681WF|' +
  '682CK|683NU|685WS|686KI|687NC|688TV|689PF|690TK|691FM|692MH|850KP|852HK|853MO|855KH|856LA|880BD|886TW|960MV|961LB|962JO|963SY|964IQ|' +
  '965KW|966SA|967YE|968OM|970PS|971AE|972IL|973BH|974QA|975BT|976MN|977NP|992TJ|993TM|994AZ|995GE|996KG|998UZ';

/** @type {Map<string, string[]>} */
const regionsOf = new Map(
  countriesOfCodes.split('|').map((entry) => {
    const [, code, regions] = /** @type {string[]} */ (/^(\d+)(.+)$/.exec(entry));
    return [code, regions.split(' ')];
  }),
);

const codeOf = new Map([...regionsOf].flatMap(([code, regions]) => regions.map((region) => [region, code])));

const longestCode = 3;

/**
 * A country in the list.
 *
 * @typedef {object} Country
 * @property {string} region ISO 3166-1 alpha-2
 * @property {string} code the dial code without the plus sign
 * @property {string} name in the language of the page
 * @property {string} words what a search looks through, folded
 */

/**
 * All countries, sorted for a language.
 *
 * @param {string} language
 * @returns {Country[]}
 */
export function listCountries(language) {
  const names = new Intl.DisplayNames([language, 'en'], { type: 'region' });
  const english = new Intl.DisplayNames(['en'], { type: 'region' });
  const { compare } = new Intl.Collator([language, 'en']);
  return [...codeOf]
    .map(([region, code]) => {
      const name = names.of(region) ?? region;
      return { region, code, name, words: ` ${fold(name)} ${fold(english.of(region) ?? '')} ${region.toLowerCase()} ${code}` };
    })
    .sort((a, b) => compare(a.name, b.name));
}

/**
 * The countries that match what a person has typed: those with a word that begins with it, or those that contain it.
 *
 * @param {Country[]} countries
 * @param {string} typed a part of a name in the language of the page or in English, a code such as `DE`, or a dial code with or without plus sign
 */
export function searchCountries(countries, typed) {
  const wanted = fold(typed).replace(/^(?:\+|00)\s*(?=\d)/, '').trim();
  if (/^\d+$/.test(wanted)) {
    return countries.filter(({ code }) => code.startsWith(wanted) || wanted.startsWith(code));
  }
  const beginning = countries.filter(({ words }) => words.includes(` ${wanted}`));
  return beginning.length > 0 ? beginning : countries.filter(({ words }) => words.includes(wanted));
}

/**
 * The country with which the list begins.
 *
 * @param {string} wanted of the page, such as `GB`
 * @param {readonly string[]} languages of the browser
 */
export function firstRegion(wanted, languages) {
  const likely = languages.map((language) => {
    try {
      return new Intl.Locale(language).maximize().region ?? '';
    } catch {
      return '';
    }
  });
  return [wanted.toUpperCase(), ...likely].find((region) => codeOf.has(region)) ?? 'US';
}

/**
 * Splits a number with a country code.
 *
 * @param {string} text
 * @param {string} region the country that is selected: it stays if it has the same code
 * @returns {{ region: string, rest: string } | null} null if the text has no country code, or not yet
 */
export function splitNumber(text, region) {
  const international = /^[\s(]*(?:\+|00)([\s\S]*)$/.exec(plain(text))?.[1];
  if (international === undefined) {
    return null;
  }
  for (let length = 1; length <= longestCode; length += 1) {
    const [start, digits] = new RegExp(`^((?:\\D*\\d){${length}})`).exec(international) ?? [];
    const code = digits?.replace(/\D/g, '') ?? '';
    const regions = regionsOf.get(code);
    if (regions) {
      const rest = international.slice(start?.length).replace(/^[^\d(]+/, '');
      return { region: regions.includes(region) ? region : regions[0], rest };
    }
  }
  return null;
}

/**
 * @param {string} region
 * @param {string} text
 * @returns {string} the number for the server, which also accepts blanks and a leading zero
 */
export function internationalNumber(region, text) {
  const typed = plain(text).trim();
  return /^(?:\+|00)/.test(typed) ? typed.replace(/^00/, '+') : `+${codeOf.get(region)} ${typed}`;
}

/**
 * The text with ASCII digits and plus sign, without invisible characters such as direction marks, which are copied from web pages.
 *
 * @param {string} text
 */
function plain(text) {
  return asciiDigits(text).replace(/\uff0b/g, '+').replace(/\p{Cf}/gu, '');
}

/**
 * Without accents and case.
 *
 * @param {string} text
 */
function fold(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
