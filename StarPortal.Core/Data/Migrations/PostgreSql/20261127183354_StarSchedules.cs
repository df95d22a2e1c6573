using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StarPortal.Core.Data.Migrations.PostgreSql
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
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    NextSlot = table.Column<long>(type: "bigint", nullable: false),
                    DueAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Trouble = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    TroubleSince = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    LastNotAfter = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
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

            migrationBuilder.DropColumn(
                name: "DueAt",
                table: "StarOrders");

            migrationBuilder.DropColumn(
                name: "LastNotAfter",
                table: "StarOrders");

            migrationBuilder.DropColumn(
                name: "NextSlot",
                table: "StarOrders");

            migrationBuilder.DropColumn(
                name: "Trouble",
                table: "StarOrders");

            migrationBuilder.DropColumn(
                name: "TroubleSince",
                table: "StarOrders");

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
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "DueAt",
                table: "StarOrders",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "LastNotAfter",
                table: "StarOrders",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "NextSlot",
                table: "StarOrders",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "Trouble",
                table: "StarOrders",
                type: "character varying(1000)",
                maxLength: 1000,
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "TroubleSince",
                table: "StarOrders",
                type: "timestamp with time zone",
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
