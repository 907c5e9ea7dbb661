import { Layer, picking, project32, type LayerContext, type UpdateParameters } from '@deck.gl/core'
import type { Buffer } from '@luma.gl/core'
import { Model } from '@luma.gl/engine'
import type { Rgba } from '../colours/palette.ts'

export interface PlanarLayerProps {
  /** What the positions are: one vertex a point, two a line, three a triangle. */
  topology: 'point-list' | 'line-list' | 'triangle-list'
  /** x, y of each vertex in planar km, interleaved. A new array means new data. */
  positions: Float32Array
  colour: Rgba
  /** One opacity (0-255) a vertex, multiplied with that of `colour`. */
  alphas?: Uint8Array | null
  /** Red, green, blue, opacity of each vertex instead of `colour`. */
  colours?: Uint8Array | null
  /** Diameter of a point. */
  pointSizePx?: number
}

type PlanarState = { model?: Model; buffers?: Buffer[] }

// One field a line: luma.gl checks the block against the types below line by line.
const uniformBlock = `layout(std140) uniform planarUniforms {
  vec4 colour;
  float pointSizePx;
  float disc;
} planar;
`
const uniforms = {
  name: 'planar',
  vs: uniformBlock,
  fs: uniformBlock,
  uniformTypes: { colour: 'vec4<f32>', pointSizePx: 'f32', disc: 'f32' },
} as const

const vertexShader = `#version 300 es
#define SHADER_NAME planar-layer-vertex
in vec2 vertexPositions;
in vec4 vertexColours;
out vec4 vColour;
flat out float vDiameter;
void main(void) {
  vec3 position = vec3(vertexPositions, 0.0);
  geometry.worldPosition = position;
  gl_Position = project_position_to_clipspace(position, vec3(0.0), vec3(0.0), geometry.position);
  vDiameter = max(2.0, planar.pointSizePx * project.devicePixelRatio);
  gl_PointSize = vDiameter;
  vColour = vertexColours * planar.colour;
}
`

const fragmentShader = `#version 300 es
#define SHADER_NAME planar-layer-fragment
precision highp float;
in vec4 vColour;
flat in float vDiameter;
out vec4 fragColor;
void main(void) {
  fragColor = vColour;
  if (planar.disc > 0.5) {
    fragColor.a *= 1.0 - smoothstep(0.5 - 1.5 / vDiameter, 0.5, length(gl_PointCoord - 0.5));
  }
  if (fragColor.a <= 0.0) discard;
}
`

/**
 * Points, hairlines and triangles of one plane, drawn without instances. deck.gl's own layers draw an
 * instance for each point or piece of a line, which costs a software renderer twenty times as much:
 * 400,000 plain points are drawn there as fast as 20,000 instanced ones.
 */
export class PlanarLayer extends Layer<Required<PlanarLayerProps>> {
  static override layerName = 'PlanarLayer'
  static override defaultProps = {
    topology: 'point-list',
    positions: { type: 'object', value: new Float32Array(0), compare: false },
    colour: [0, 0, 0, 255],
    alphas: { type: 'object', value: null, optional: true, compare: false },
    colours: { type: 'object', value: null, optional: true, compare: false },
    pointSizePx: 4,
  } as never

  declare state: PlanarState

  override initializeState(_context: LayerContext): void {
    // Positions and colours are whole buffers already; deck.gl's attribute manager has nothing to do here.
  }

  override updateState({ props, oldProps, changeFlags }: UpdateParameters<this>): void {
    const changed =
      !this.state.model ||
      changeFlags.extensionsChanged ||
      props.positions !== oldProps.positions ||
      props.alphas !== oldProps.alphas ||
      props.colours !== oldProps.colours ||
      props.topology !== oldProps.topology
    if (!changed) return
    this.release()
    Object.assign(this.state, this.build(props))
  }

  override draw(): void {
    const { colour, colours, pointSizePx, topology, positions } = this.props
    if (positions.length === 0) return
    const { model } = this.state
    if (!model) return
    const tint = colours ? [1, 1, 1, colour[3] / 255] : colour.map((value) => value / 255)
    model.shaderInputs.setProps({
      planar: { colour: tint, pointSizePx: pointSizePx ?? 4, disc: topology === 'point-list' ? 1 : 0 },
    })
    model.draw(this.context.renderPass)
  }

  override finalizeState(context: LayerContext): void {
    this.release(false)
    super.finalizeState(context)
  }

  private build(props: PlanarLayerProps): PlanarState {
    const { device } = this.context
    const vertexCount = props.positions.length >> 1
    const positions = device.createBuffer({ data: props.positions.length > 0 ? props.positions : new Float32Array(2) })
    const colours = device.createBuffer({
      data: vertexColours(vertexCount, props.alphas ?? null, props.colours ?? null),
    })
    const model = new Model(device, {
      ...(this.getShaders({ vs: vertexShader, fs: fragmentShader, modules: [project32, picking, uniforms] }) as object),
      id: this.props.id,
      topology: props.topology,
      bufferLayout: [
        { name: 'vertexPositions', format: 'float32x2' },
        { name: 'vertexColours', format: 'unorm8x4' },
      ],
      attributes: { vertexPositions: positions, vertexColours: colours },
      vertexCount,
      isInstanced: false,
    })
    return { model, buffers: [positions, colours] }
  }

  /** deck.gl destroys the model itself when a layer ends. */
  private release(withModel = true): void {
    if (withModel) this.state.model?.destroy()
    for (const buffer of this.state.buffers ?? []) buffer.destroy()
  }
}

function vertexColours(count: number, alphas: Uint8Array | null, colours: Uint8Array | null): Uint8Array {
  if (colours) return colours.length > 0 ? colours : new Uint8Array(4)
  const values = new Uint8Array(Math.max(4, 4 * count)).fill(255)
  if (alphas) for (let i = 0; i < count; i++) values[4 * i + 3] = alphas[i]!
  return values
}
