import { addMessages, type MessageKey, useI18n } from '@/i18n';
import { caEn } from './caEn';
import { caZh } from './caZh';
import { en } from './en';
import { kmcEn } from './kmcEn';
import { kmcZh } from './kmcZh';
import { platformEn } from './platformEn';
import { platformZh } from './platformZh';
import { zh } from './zh';

export const consoleTexts = { zh: { ...zh, ...caZh, ...kmcZh, ...platformZh }, en: { ...en, ...caEn, ...kmcEn, ...platformEn } };
export type ConsoleKey = keyof typeof zh | keyof typeof caZh | keyof typeof kmcZh | keyof typeof platformZh;

addMessages(consoleTexts);

/** As `useI18n`, with the texts of the console. */
export const useTexts = () => useI18n<MessageKey | ConsoleKey>();
