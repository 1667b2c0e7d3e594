/** Asking Blockloom's routes on ComfyUI's server. */

import { api } from "./host.js";

/** What the server refused, in its own words. */
export class ServerError extends Error {
  /**
   * @param {string} message
   * @param {number} status
   */
  constructor(message, status) {
    super(message);
    this.name = "ServerError";
    this.status = status;
  }
}

/**
 * @param {string} path
 * @returns {Promise<any>}
 */
export async function getJson(path) {
  return (await ask(path)).json();
}

/**
 * @param {string} path
 * @param {unknown} content
 * @returns {Promise<any>}
 */
export async function postJson(path, content) {
  const headers = { "Content-Type": "application/json" };
  const answer = await ask(path, { method: "POST", headers, body: JSON.stringify(content) });
  return answer.json();
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 */
async function ask(path, options) {
  const answer = await api.fetchApi(path, options);
  if (!answer.ok) {
    throw new ServerError(await reasonOf(answer), answer.status);
  }
  return answer;
}

/**
 * What went wrong and what to do about it.
 * @param {Response} answer
 */
async function reasonOf(answer) {
  try {
    const { error } = await answer.json();
    return [error.message, error.remedy].filter(Boolean).join(" ");
  } catch {
    return `${answer.status} ${answer.statusText}`;
  }
}

/**
 * The address of a picture or file.
 * @param {string} path
 */
export function addressOf(path) {
  return api.apiURL(path);
}
