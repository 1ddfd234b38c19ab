import { Module } from '@nestjs/common';

/** Customers and dues from and to CSV files. */
@Module({})
export class ImportsModule {}
