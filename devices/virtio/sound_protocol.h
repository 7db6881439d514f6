/* SPDX-License-Identifier: MIT */
/* The messages in a sound card's queues (virtio 1.2 section 5.14), as far as they are used. */
#ifndef DEVICES_VIRTIO_SOUND_PROTOCOL_H
#define DEVICES_VIRTIO_SOUND_PROTOCOL_H

#include "bus/base.h"

/* 5.14.6 Device Operation: requests, events and status */
enum {
	VIRTIO_SND_R_JACK_INFO = 1,
	VIRTIO_SND_R_JACK_REMAP,
	VIRTIO_SND_R_PCM_INFO = 0x0100,
	VIRTIO_SND_R_PCM_SET_PARAMS,
	VIRTIO_SND_R_PCM_PREPARE,
	VIRTIO_SND_R_PCM_RELEASE,
	VIRTIO_SND_R_PCM_START,
	VIRTIO_SND_R_PCM_STOP,
	VIRTIO_SND_R_CHMAP_INFO = 0x0200,
	VIRTIO_SND_EVT_PCM_XRUN = 0x1101,
	VIRTIO_SND_S_OK = 0x8000,
	VIRTIO_SND_S_BAD_MSG,
	VIRTIO_SND_S_NOT_SUPP,
	VIRTIO_SND_S_IO_ERR,
};

/* Directions. They also number the device's two streams, jacks and channel maps. */
enum { VIRTIO_SND_D_OUTPUT, VIRTIO_SND_D_INPUT };

struct virtio_snd_event {
	u32 code, data;
};

/* 5.14.6.1 Item Information Request */
struct virtio_snd_query_info {
	u32 code, start_id, count, size;
};

/* 5.14.6.4.1 VIRTIO_SND_R_JACK_INFO */
struct virtio_snd_jack_info {
	u32 hda_fn_nid, features, hda_reg_defconf, hda_reg_caps;
	u8 connected;
	u8 padding[7];
};

/* 5.14.6.6.2 VIRTIO_SND_R_PCM_INFO */
#define VIRTIO_SND_PCM_F_EVT_XRUNS BIT(4)

enum {
	VIRTIO_SND_PCM_FMT_U8 = 4,
	VIRTIO_SND_PCM_FMT_S16 = 5,
	VIRTIO_SND_PCM_FMT_S32 = 17,
	VIRTIO_SND_PCM_FMT_FLOAT = 19,
};

struct virtio_snd_pcm_info {
	u32 hda_fn_nid, features;
	u64 formats, rates;
	u8 direction, channels_min, channels_max;
	u8 padding[5];
};

/* 5.14.6.6.3 VIRTIO_SND_R_PCM_SET_PARAMS; the other requests of a stream end at stream_id. */
struct virtio_snd_pcm_set_params {
	u32 code, stream_id;
	u32 buffer_bytes, period_bytes, features;
	u8 channels, format, rate, padding;
};

#define VIRTIO_SND_PCM_HDR_SIZE 8

/* 5.14.6.8 PCM I/O Messages: headers before and after the samples */
struct virtio_snd_pcm_xfer {
	u32 stream_id;
};

struct virtio_snd_pcm_status {
	u32 status, latency_bytes;
};

/* 5.14.6.9.1 VIRTIO_SND_R_CHMAP_INFO */
#define VIRTIO_SND_CHMAP_MAX_SIZE 18

enum {
	VIRTIO_SND_CHMAP_MONO = 2,
	VIRTIO_SND_CHMAP_FL,
	VIRTIO_SND_CHMAP_FR,
	VIRTIO_SND_CHMAP_RL,
	VIRTIO_SND_CHMAP_RR,
	VIRTIO_SND_CHMAP_FC,
	VIRTIO_SND_CHMAP_LFE,
	VIRTIO_SND_CHMAP_SL,
	VIRTIO_SND_CHMAP_SR,
};

struct virtio_snd_chmap_info {
	u32 hda_fn_nid;
	u8 direction, channels;
	u8 positions[VIRTIO_SND_CHMAP_MAX_SIZE];
};

#endif
