import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Areas } from '../../application/accounts/areas.js';

/** Reads the tenants module's table `area`, nothing but whether a row is there. */
@Injectable()
export class SqlAreas extends Areas {
  constructor(private readonly unitOfWork: UnitOfWork) {
    super();
  }

  async exists(areaId: string): Promise<boolean> {
    const rows = await this.unitOfWork.sql.query('select 1 as one from area where id = $1::uuid', [areaId]);
    return rows.length > 0;
  }
}
