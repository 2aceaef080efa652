import type { ServerResponse } from 'node:http'

const page = `<!doctype html>
<html lang="en">
<title>Functions host of the lab</title>
<h1>Your function app is up and running</h1>
<p>This is the landing page of the Functions host, here played by the lab of Foundry Gateway Ops.</p>
</html>
`

/** `/` belongs to the host until the app setting AzureWebJobsDisableHomepage is true. */
export function landingPage(to: ServerResponse) {
  to.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  to.end(page)
}
