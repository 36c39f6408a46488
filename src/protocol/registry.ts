/** Every protocol that mediatap knows by its bytes, most specific first. A new protocol is a folder and a line here. */

import type { Dissector } from './dissector.ts';
import { t38, t120 } from './h323/call-data.ts';
import { h323H245 } from './h323/h323-h245.ts';
import { h323Q931 } from './h323/h323-q931.ts';
import { h323Ras } from './h323/h323-ras.ts';
import { http } from './http/http.ts';
import { mmsh } from './http/mmsh.ts';
import { mms } from './mms/mms.ts';
import { mmsu } from './mms/mmsu.ts';
import { mpegts } from './mpegts/mpegts.ts';
import { msb } from './msb/msb.ts';
import { msbd } from './msbd/msbd.ts';
import { sap } from './multicast/sap.ts';
import { NEIGHBOURS } from './neighbours/neighbours.ts';
import { rdt } from './rdt/rdt.ts';
import { rtmp } from './rtmp/rtmp.ts';
import { rtmpt } from './rtmp/rtmpt.ts';
import { rtcp } from './rtp/rtcp.ts';
import { rtp } from './rtp/rtp.ts';
import { rtsp } from './rtsp/rtsp.ts';
import { sip } from './sip/sip.ts';

export const DISSECTORS: readonly Dissector[] = [
  rtsp,
  mms,
  mmsu,
  msbd,
  msb,
  rtmp,
  rtmpt,
  mpegts,
  sap,
  sip,
  h323Ras,
  h323Q931,
  h323H245,
  t120,
  t38,
  mmsh,
  http,
  rdt,
  ...NEIGHBOURS,
  rtcp,
  rtp,
];
