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
            migrationBuilder.DropIndex(
                name: "IX_StarOrders_EndDate",
                table: "StarOrders");

            migrationBuilder.DropIndex(
                name: "IX_StarOrders_TroubleSince",
                table: "StarOrders");

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
                name: "IX_StarOrders_TroubleSince",
                table: "StarOrders",
                column: "TroubleSince",
                filter: "\"TroubleSince\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_FetchDays_Day",
                table: "FetchDays",
                column: "Day");

            // What was forgotten of an order's ACME half, and not yet of its STAR half.
            migrationBuilder.Sql("DELETE FROM \"StarOrders\" WHERE \"Id\" NOT IN (SELECT \"Id\" FROM \"AcmeOrders\");");

            migrationBuilder.AddForeignKey(
                name: "FK_StarOrders_AcmeOrders_Id",
                table: "StarOrders",
                column: "Id",
                principalTable: "AcmeOrders",
                principalColumn: "Id",
                onDelete: ReferentialAction.Cascade);
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
