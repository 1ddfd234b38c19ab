import { Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { AuthGuard } from './auth-guard.js';
import { ScopeInterceptor } from './scope-interceptor.js';

/** Guards every route of the application. Needs an `Authenticator`; stands before modules whose interceptors need the scope. */
@Module({
  providers: [
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_INTERCEPTOR, useClass: ScopeInterceptor },
  ],
})
export class AuthModule {}
