import { Menu, app, type MenuItemConstructorOptions } from 'electron'
import { commands, type CommandId, type Theme } from '#protocol/shell.ts'
import { viewIds } from '#protocol/views.ts'

interface MenuState {
  recentProjects: string[]
  theme: Theme
  choose(id: CommandId, argument?: string): void
}

/** Builds the menu from the table of commands; the page runs each of them. */
export function buildMenu({ recentProjects, theme, choose }: MenuState): Menu {
  const item = (id: CommandId): MenuItemConstructorOptions => {
    const { title, keys }: { title: string; keys?: string } = commands[id]
    return { label: title, accelerator: keys, click: () => choose(id) }
  }
  const themeItem = (id: CommandId, label: string, value: Theme): MenuItemConstructorOptions => ({
    label,
    type: 'radio',
    checked: theme === value,
    click: () => choose(id),
  })
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const recent: MenuItemConstructorOptions = {
    label: commands['project.recent'].title,
    enabled: recentProjects.length > 0,
    submenu: recentProjects.map((directory) => ({
      label: directory,
      click: () => choose('project.recent', directory),
    })),
  }
  return Menu.buildFromTemplate([
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        item('project.new'),
        item('project.open'),
        recent,
        item('project.close'),
        separator,
        item('corpus.import'),
        item('corpus.sample'),
        item('experiment.save'),
        separator,
        { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        item('window.palette'),
        item('window.inspector'),
        item('window.drawer'),
        item('window.nextRegion'),
        separator,
        {
          label: 'Theme',
          submenu: [
            themeItem('theme.system', 'As the system', 'system'),
            themeItem('theme.light', 'Light', 'light'),
            themeItem('theme.dark', 'Dark', 'dark'),
          ],
        },
        separator,
        { role: 'resetZoom', accelerator: 'CmdOrCtrl+Alt+0' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [separator, { role: 'toggleDevTools' } as const]),
      ],
    },
    {
      label: '&Go',
      submenu: viewIds.map((id) => item(`go.${id}`)),
    },
    { label: '&Run', submenu: [item('job.start'), item('job.cancel')] },
    {
      role: 'help',
      submenu: [item('help.documentation'), item('help.keys'), item('help.machine'), item('help.about')],
    },
  ])
}
