const withinMs = 10_000

/**
 * POST of JSON to the one address of the settings. No redirect is followed, nothing of the answer is kept.
 * @throws Error that says why it was not taken
 */
export const openWebhook =
  (url: string) =>
  async (body: string): Promise<boolean> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(withinMs),
    })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`the webhook answered ${response.status}`)
    return true
  }
