import { mount } from 'svelte'
import App from './App.svelte'
import './styles/tokens.css'
import './styles/base.css'
import './styles/components.css'

const target = document.getElementById('window')
if (!target) throw new Error('The page has no #window to draw in.')
mount(App, { target })
