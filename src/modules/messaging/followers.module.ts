import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Followers } from './infrastructure/outbound/followers.js';
import { Watchers } from './infrastructure/outbound/watchers.js';

/** Those in other modules who follow messages that they ordered, or watch all. */
@Module({ imports: [DiscoveryModule], providers: [Followers, Watchers], exports: [Followers, Watchers] })
export class FollowersModule {}
