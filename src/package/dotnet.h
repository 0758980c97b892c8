/*
 * .NET: NAME.deps.json beside the libraries of an application or of a shared framework, and
 * NAME.runtimeconfig.json, which names the frameworks. classification.md 2.1, 3.10.
 */
#pragma once

struct imp_inventory;

void imp_dotnet_read(struct imp_inventory *inventory);
