import { mount } from 'svelte'
import App from './App.svelte'
import './styles/app.css'

const target = document.getElementById('window')
if (!target) throw new Error('The page has no #window to draw in.')
mount(App, { target })
