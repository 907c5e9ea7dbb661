export interface Matrix { rows: number; columns: number; values: Float32Array }
