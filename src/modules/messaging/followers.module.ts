import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Followers } from './infrastructure/outbound/followers.js';
import { Guards } from './infrastructure/outbound/guards.js';
import { Watchers } from './infrastructure/outbound/watchers.js';

/** Those in other modules who follow messages that they ordered, guard what leaves, or watch all. */
@Module({
  imports: [DiscoveryModule],
  providers: [Followers, Guards, Watchers],
  exports: [Followers, Guards, Watchers],
})
export class FollowersModule {}
