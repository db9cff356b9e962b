/** Whether the words of a link name another place than the one it leads to. */
const HOST = /(?:^|[\s(<])(?:https?:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?=[\s/:)>?#]|$)/i;

export function isDisguised(words: string, url: string): boolean {
  const named = HOST.exec(words.trim())?.[1]?.toLowerCase();
  if (named === undefined || !/^https?:/i.test(url)) return false;
  try {
    const { hostname, username } = new URL(url);
    return username !== '' || (hostname !== named && hostname !== `www.${named}` && `www.${hostname}` !== named);
  } catch {
    return true;
  }
}
