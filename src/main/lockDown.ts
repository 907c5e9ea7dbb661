import { app, type Session } from 'electron'
import { pageOrigin } from './appScheme.ts'
import { helpOrigin } from './helpWindow.ts'

/** Switches that keep Chromium itself from the network; must run before the app is ready. */
export function lockDownProcess(): void {
  // Root in a container runs with --no-sandbox; enableSandbox() would undo that and crash at once.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')
  app.commandLine.appendSwitch('disable-background-networking')
  app.commandLine.appendSwitch('disable-component-update')

  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.on('will-navigate', (event) => {
      // Pages of the documentation lead to one another.
      if (!contents.getURL().startsWith(helpOrigin) || !event.url.startsWith(helpOrigin)) event.preventDefault()
    })
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
  })
}

/** Nothing but the program's own files is ever requested, and the page asks for no permission. */
export function lockDownSession(session: Session): void {
  const allowed = (url: string) =>
    url.startsWith(`${pageOrigin}/`) ||
    url.startsWith(`blob:${pageOrigin}/`) ||
    (!app.isPackaged && url.startsWith('devtools:'))
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !allowed(url) }))
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  // Spell checking would fetch its dictionaries.
  session.setSpellCheckerEnabled(false)
}
