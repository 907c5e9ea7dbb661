/**
 * Words of the sample corpus that belong to a region: real American regionalisms (Dictionary of American Regional
 * English; Harvard Dialect Survey, Vaux & Golder 2003) round the place where each is at home. Rates and reaches are
 * invented.
 */
export interface RegionalWord {
  word: string
  lat: number
  lon: number
  /** Distance at which the word is half as common as at its centre. */
  reachKm: number
}

type Region = [lat: number, lon: number, reachKm: number, words: string]

const regions: Region[] = [
  [42.36, -71.06, 180, 'wicked bubbler frappe packie rotary jimmies grinder'],
  [40.71, -74.0, 110, 'deadass bodega stoop mad-brick schlep hero'],
  [39.95, -75.16, 90, 'jawn hoagie youse wooder jimmies-cup'],
  [40.44, -79.99, 120, 'yinz nebby redd-up gumband slippy jagoff'],
  [43.04, -87.91, 150, 'bubbler stop-and-go-light uff-da aina'],
  [44.98, -93.27, 260, 'uff-da hotdish you-betcha duck-duck-gray-duck'],
  [41.88, -87.63, 170, 'gangway gym-shoes frunchroom pop-can'],
  [42.33, -83.05, 160, 'doorwall party-store pop-can euchre'],
  [39.1, -84.51, 130, 'please-what pony-keg three-way'],
  [38.63, -90.2, 150, 'hoosier-neighbor farty-far provel'],
  [33.75, -84.39, 330, "y'all fixin buggy coke-any bless-heart"],
  [29.95, -90.07, 140, 'lagniappe neutral-ground makin-groceries banquette'],
  [32.78, -96.8, 380, "y'all fixin tump-over howdy feeder-road"],
  [25.76, -80.19, 130, 'bro-que irregardless-super dale pastelito'],
  [35.23, -80.84, 240, 'yonder poke-bag cattywampus might-could'],
  [36.16, -86.78, 240, 'holler yonder sack-poke reckon'],
  [37.77, -122.42, 170, 'hella hecka the-city slaps'],
  [34.05, -118.24, 190, 'the-405 gnarly stoked carne-asada-fries'],
  [47.61, -122.33, 230, 'jojos spendy potato-bug sunbreak'],
  [39.74, -104.99, 260, 'fourteener bluebird-day jockey-box'],
  [40.76, -111.89, 230, 'fry-sauce sluff jockey-box oh-my-heck'],
  [33.45, -112.07, 210, 'haboob snowbird raspado'],
  [38.9, -77.04, 120, 'bama-lame mumbo-sauce jont'],
  [35.47, -97.52, 250, 'bar-ditch tump-over howdy'],
]

export const regionalWords: RegionalWord[] = regions.flatMap(([lat, lon, reachKm, words]) =>
  // A token has no hyphen: two words said as one are written as one.
  words.split(' ').map((word) => ({ word: word.replaceAll('-', ''), lat, lon, reachKm })),
)
