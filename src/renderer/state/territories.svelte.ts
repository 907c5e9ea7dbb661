import type { FeatureCollection, MultiPolygon, Position } from 'geojson'
import { Resource } from './resource.svelte.ts'
import type { Workbench } from './workbench.svelte.ts'

/** The territories of the chosen run's labels, which regions are drawn with. */
export class Territories {
  /** By label: lon,lat degrees. */
  readonly ofLabel = new Resource<ReadonlyMap<string, Position[][][]>>()
  #of = ''
  readonly #workbench: Workbench

  constructor(workbench: Workbench) {
    this.#workbench = workbench
  }

  need(): void {
    const { results, project, engine } = this.#workbench
    const [experiment, labels] = [project.experiment, results.chosen?.labels ?? null]
    const wanted = `${project.view?.directory} ${experiment} ${labels}`
    if (experiment === null || labels === null || this.#of === wanted) return
    this.#of = wanted
    void this.ofLabel.load(async () => {
      const { geoJson } = await engine.connection.request('labels.geoJson', { experiment, labels })
      const { features } = JSON.parse(geoJson) as FeatureCollection<MultiPolygon>
      return new Map(features.map(({ id, geometry }) => [String(id), geometry.coordinates]))
    })
  }
}
