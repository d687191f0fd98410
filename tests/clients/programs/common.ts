/** What every program of a client does the same way, whatever the client. */

const read = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};

export const settings = { baseUrl: read("BASE_URL"), key: read("PACKAGEX_KEY"), source: read("SOURCE") };

export const FINAL: string[] = ["completed", "failed", "timed_out", "expired"];

export const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Sends the source to a signed URL. */
export const upload = async (url: string | null): Promise<void> => {
  if (url === null) throw new Error("there is no upload URL");
  const answer = await fetch(url, { method: "PUT", body: settings.source });
  if (!answer.ok) throw new Error(await answer.text());
};

/** Writes what became of the import, for the test to read. */
export const report = (status: string, created: number, listed: boolean[]): void => {
  console.log(JSON.stringify({ status, created, listed }));
};
