import { type ClassValue, clsx } from "clsx";

/**
 * Joins class names. Two that set the same property must not meet: what a primitive lets its caller choose it gives as
 * `base:` (globals.css), which every other class wins over. Tests refuse what breaks this.
 */
export function cn(...inputs: ClassValue[]): string {
  return clsx(inputs);
}
