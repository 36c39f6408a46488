/** Methods of RTSP, RFC 2326 section 10 and RFC 7826 section 13. */

import type { Grammar } from '../text/start-line.ts';

export const RTSP: Grammar = {
  name: 'RTSP/',
  methods: [
    'OPTIONS',
    'DESCRIBE',
    'ANNOUNCE',
    'SETUP',
    'PLAY',
    'PAUSE',
    'TEARDOWN',
    'GET_PARAMETER',
    'SET_PARAMETER',
    'REDIRECT',
    'RECORD',
    'PLAY_NOTIFY',
  ],
};
