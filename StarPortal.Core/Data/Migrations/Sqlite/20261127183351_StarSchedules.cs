using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StarPortal.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class StarSchedules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "StarSchedules",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    NextSlot = table.Column<long>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Trouble = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    TroubleSince = table.Column<long>(type: "INTEGER", nullable: true),
                    LastNotAfter = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StarSchedules", x => x.Id);
                    table.ForeignKey(
                        name: "FK_StarSchedules_AcmeOrders_Id",
                        column: x => x.Id,
                        principalTable: "AcmeOrders",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_StarSchedules_StarOrders_Id",
                        column: x => x.Id,
                        principalTable: "StarOrders",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.Sql("""
                INSERT INTO "StarSchedules" ("Id", "NextSlot", "DueAt", "Trouble", "TroubleSince", "LastNotAfter")
                    SELECT "Id", "NextSlot", "DueAt", "Trouble", "TroubleSince", "LastNotAfter" FROM "StarOrders";
                """);

            migrationBuilder.DropIndex(
                name: "IX_StarOrders_DueAt",
                table: "StarOrders");

            migrationBuilder.DropIndex(
                name: "IX_StarOrders_TroubleSince",
                table: "StarOrders");

            // Not DropColumn: on SQLite that makes the table anew outside the migration's transaction, and a start that dies in between leaves half of it.
            migrationBuilder.Sql("""
                ALTER TABLE "StarOrders" DROP COLUMN "NextSlot";
                ALTER TABLE "StarOrders" DROP COLUMN "DueAt";
                ALTER TABLE "StarOrders" DROP COLUMN "Trouble";
                ALTER TABLE "StarOrders" DROP COLUMN "TroubleSince";
                ALTER TABLE "StarOrders" DROP COLUMN "LastNotAfter";
                """);

            migrationBuilder.CreateIndex(
                name: "IX_StarSchedules_DueAt",
                table: "StarSchedules",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_StarSchedules_TroubleSince",
                table: "StarSchedules",
                column: "TroubleSince",
                filter: "\"TroubleSince\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "DueAt",
                table: "StarOrders",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "LastNotAfter",
                table: "StarOrders",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "NextSlot",
                table: "StarOrders",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "Trouble",
                table: "StarOrders",
                type: "TEXT",
                maxLength: 1000,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "TroubleSince",
                table: "StarOrders",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.Sql("""
                UPDATE "StarOrders" SET "NextSlot" = "StarSchedules"."NextSlot", "DueAt" = "StarSchedules"."DueAt", "Trouble" = "StarSchedules"."Trouble", "TroubleSince" = "StarSchedules"."TroubleSince", "LastNotAfter" = "StarSchedules"."LastNotAfter"
                    FROM "StarSchedules" WHERE "StarSchedules"."Id" = "StarOrders"."Id";
                """);

            migrationBuilder.DropTable(
                name: "StarSchedules");

            migrationBuilder.CreateIndex(
                name: "IX_StarOrders_DueAt",
                table: "StarOrders",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_StarOrders_TroubleSince",
                table: "StarOrders",
                column: "TroubleSince",
                filter: "\"TroubleSince\" IS NOT NULL");
        }
    }
}
