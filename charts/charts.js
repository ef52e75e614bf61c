// SPDX-License-Identifier: Apache-2.0
// charts.js - what is taken of ECharts: the kinds and parts quipu's figures use, no more.
import './engine.js';
import * as echarts from 'echarts/core';
import {
    BarChart, GraphChart, HeatmapChart, LineChart, MapChart, SankeyChart, ScatterChart,
    TreemapChart
} from 'echarts/charts';
import {
    AriaComponent, GeoComponent, GraphicComponent, GridComponent, LegendComponent,
    TitleComponent, TooltipComponent, VisualMapComponent
} from 'echarts/components';
import {LabelLayout} from 'echarts/features';
import {SVGRenderer} from 'echarts/renderers';
import * as runtime from './runtime.js';

echarts.use([
    BarChart, GraphChart, HeatmapChart, LineChart, MapChart, SankeyChart, ScatterChart,
    TreemapChart, AriaComponent, GeoComponent, GraphicComponent, GridComponent, LegendComponent,
    TitleComponent, TooltipComponent, VisualMapComponent, LabelLayout,
    SVGRenderer
]);
runtime.begin(echarts);
export var show = runtime.show;
export var svg = runtime.svg;
export var map = runtime.map;
