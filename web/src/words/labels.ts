// SPDX-License-Identifier: Apache-2.0
// labels.ts - Spanish names of the columns of tables; the server's are English.
export const labels: Record<string, string> = {
    reporter: 'Código', partner: 'Código', product: 'Código', class: 'Código', country: 'Código',
    reporter_name: 'País', partner_name: 'Socio', product_name: 'Producto', class_name: 'Clase',
    country_name: 'País', year: 'Año', from: 'Desde', to: 'Hasta', flow: 'Flujo', rank: 'Puesto',
    value: 'Valor', share: 'Participación', cumulative: 'Participación acumulada',
    exports: 'Exportaciones', imports: 'Importaciones', balance: 'Saldo', cover: 'Cobertura',
    normalised: 'Saldo normalizado', growth: 'Crecimiento anual', first: 'Primer valor',
    last: 'Último valor', factor: 'Último sobre primero', accumulated: 'Crecimiento acumulado',
    applied: 'Aplicado', mfn: 'NMF', margin: 'Margen', agreement: 'Acuerdo', products: 'Productos',
    rows: 'Filas', reporters: 'Declarantes', partners: 'Socios', period: 'Período', rca: 'VCR',
    with_weight: 'Valor con peso', with_quantity: 'Valor con cantidad', amount: 'Monto',
    without_value: 'Filas sin valor', unknown_codes: 'Códigos desconocidos',
    unknown_share: 'Su participación', owner: 'Propietario', sector: 'Sector', project: 'Proyecto'
};
