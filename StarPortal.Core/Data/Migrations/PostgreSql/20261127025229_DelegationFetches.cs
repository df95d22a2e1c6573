using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StarPortal.Core.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class DelegationFetches : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "LeasedBy",
                table: "DelegatedOrders",
                type: "character varying(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "LongestLife",
                table: "DelegatedOrders",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Problem",
                table: "DelegatedOrders",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "FetchDays",
                columns: table => new
                {
                    OrderId = table.Column<Guid>(type: "uuid", nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Count = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FetchDays", x => new { x.OrderId, x.Day });
                });

            migrationBuilder.CreateIndex(
                name: "IX_FetchDays_Day",
                table: "FetchDays",
                column: "Day");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "FetchDays");

            migrationBuilder.DropColumn(
                name: "LeasedBy",
                table: "DelegatedOrders");

            migrationBuilder.DropColumn(
                name: "LongestLife",
                table: "DelegatedOrders");

            migrationBuilder.DropColumn(
                name: "Problem",
                table: "DelegatedOrders");
        }
    }
}
