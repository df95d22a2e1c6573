using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StarPortal.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class FetchDays : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "LeasedBy",
                table: "DelegatedOrders",
                type: "TEXT",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "LongestLife",
                table: "DelegatedOrders",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Problem",
                table: "DelegatedOrders",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "FetchDays",
                columns: table => new
                {
                    OrderId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Count = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FetchDays", x => new { x.OrderId, x.Day });
                });

            migrationBuilder.CreateIndex(
                name: "IX_FetchDays_Day",
                table: "FetchDays",
                column: "Day");

            // Not AddForeignKey: on SQLite that makes the table anew outside the migration's transaction, and a start that dies in between leaves half of it.
            migrationBuilder.Sql("""
                CREATE TABLE "NewStarOrders" (
                    "Id" TEXT NOT NULL CONSTRAINT "PK_StarOrders" PRIMARY KEY, "AccountId" TEXT NOT NULL, "FetchId" TEXT NOT NULL, "Status" TEXT NOT NULL,
                    "Names" TEXT NOT NULL, "Profile" TEXT NOT NULL, "StartDate" INTEGER NULL, "StartsAt" INTEGER NULL, "EndDate" INTEGER NOT NULL,
                    "Lifetime" INTEGER NOT NULL, "LifetimeAdjust" INTEGER NOT NULL, "AllowCertificateGet" INTEGER NOT NULL, "IsDraft" INTEGER NOT NULL,
                    "KeyHash" TEXT NULL, "PublicKeyInfo" BLOB NULL, "Grants" TEXT NULL, "Issuer" TEXT NULL, "Body" BLOB NULL, "BodyMadeBy" TEXT NULL,
                    "NextSlot" INTEGER NOT NULL, "DueAt" INTEGER NULL, "Trouble" TEXT NULL, "TroubleSince" INTEGER NULL, "LastNotAfter" INTEGER NULL,
                    "CreatedAt" INTEGER NOT NULL, "CanceledAt" INTEGER NULL, "CancelReason" TEXT NULL, "Fetches" INTEGER NOT NULL, "LastFetchAt" INTEGER NULL,
                    "LastFetchFrom" TEXT NULL,
                    CONSTRAINT "FK_StarOrders_AcmeOrders_Id" FOREIGN KEY ("Id") REFERENCES "AcmeOrders" ("Id") ON DELETE CASCADE
                );
                INSERT INTO "NewStarOrders" ("Id", "AccountId", "FetchId", "Status", "Names", "Profile", "StartDate", "StartsAt", "EndDate", "Lifetime", "LifetimeAdjust", "AllowCertificateGet",
                    "IsDraft", "KeyHash", "PublicKeyInfo", "Grants", "Issuer", "Body", "BodyMadeBy", "NextSlot", "DueAt", "Trouble", "TroubleSince", "LastNotAfter",
                    "CreatedAt", "CanceledAt", "CancelReason", "Fetches", "LastFetchAt", "LastFetchFrom")
                    SELECT "Id", "AccountId", "FetchId", "Status", "Names", "Profile", "StartDate", "StartsAt", "EndDate", "Lifetime", "LifetimeAdjust", "AllowCertificateGet",
                    "IsDraft", "KeyHash", "PublicKeyInfo", "Grants", "Issuer", "Body", "BodyMadeBy", "NextSlot", "DueAt", "Trouble", "TroubleSince", "LastNotAfter",
                    "CreatedAt", "CanceledAt", "CancelReason", "Fetches", "LastFetchAt", "LastFetchFrom" FROM "StarOrders"
                    WHERE "Id" IN (SELECT "Id" FROM "AcmeOrders");
                DROP TABLE "StarOrders";
                ALTER TABLE "NewStarOrders" RENAME TO "StarOrders";
                CREATE INDEX "IX_StarOrders_AccountId_Status_EndDate" ON "StarOrders" ("AccountId", "Status", "EndDate");
                CREATE INDEX "IX_StarOrders_CreatedAt" ON "StarOrders" ("CreatedAt");
                CREATE INDEX "IX_StarOrders_DueAt" ON "StarOrders" ("DueAt");
                CREATE UNIQUE INDEX "IX_StarOrders_FetchId" ON "StarOrders" ("FetchId");
                CREATE INDEX "IX_StarOrders_TroubleSince" ON "StarOrders" ("TroubleSince") WHERE "TroubleSince" IS NOT NULL;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_StarOrders_AcmeOrders_Id",
                table: "StarOrders");

            migrationBuilder.DropTable(
                name: "FetchDays");

            migrationBuilder.DropIndex(
                name: "IX_StarOrders_TroubleSince",
                table: "StarOrders");

            migrationBuilder.DropColumn(
                name: "LeasedBy",
                table: "DelegatedOrders");

            migrationBuilder.DropColumn(
                name: "LongestLife",
                table: "DelegatedOrders");

            migrationBuilder.DropColumn(
                name: "Problem",
                table: "DelegatedOrders");

            migrationBuilder.CreateIndex(
                name: "IX_StarOrders_EndDate",
                table: "StarOrders",
                column: "EndDate");

            migrationBuilder.CreateIndex(
                name: "IX_StarOrders_TroubleSince",
                table: "StarOrders",
                column: "TroubleSince");
        }
    }
}
