export { isDashed, schemeRole } from '#pure/conditionStyle.ts'
