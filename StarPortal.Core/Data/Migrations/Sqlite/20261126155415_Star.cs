using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StarPortal.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Star : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "StarCertificates",
                columns: table => new
                {
                    OrderId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Slot = table.Column<long>(type: "INTEGER", nullable: false),
                    SerialNumber = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    NotBefore = table.Column<long>(type: "INTEGER", nullable: false),
                    NotAfter = table.Column<long>(type: "INTEGER", nullable: false),
                    IssuedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Der = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StarCertificates", x => new { x.OrderId, x.Slot });
                });

            migrationBuilder.CreateTable(
                name: "StarOrders",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    FetchId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Status = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Names = table.Column<string>(type: "TEXT", nullable: false),
                    Profile = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    StartDate = table.Column<long>(type: "INTEGER", nullable: true),
                    StartsAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndDate = table.Column<long>(type: "INTEGER", nullable: false),
                    Lifetime = table.Column<long>(type: "INTEGER", nullable: false),
                    LifetimeAdjust = table.Column<long>(type: "INTEGER", nullable: false),
                    AllowCertificateGet = table.Column<bool>(type: "INTEGER", nullable: false),
                    IsDraft = table.Column<bool>(type: "INTEGER", nullable: false),
                    KeyHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    PublicKeyInfo = table.Column<byte[]>(type: "BLOB", nullable: true),
                    Grants = table.Column<string>(type: "TEXT", nullable: true),
                    Issuer = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    Body = table.Column<byte[]>(type: "BLOB", nullable: true),
                    BodyMadeBy = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    NextSlot = table.Column<long>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Trouble = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    TroubleSince = table.Column<long>(type: "INTEGER", nullable: true),
                    LastNotAfter = table.Column<long>(type: "INTEGER", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CanceledAt = table.Column<long>(type: "INTEGER", nullable: true),
                    CancelReason = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    Fetches = table.Column<long>(type: "INTEGER", nullable: false),
                    LastFetchAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastFetchFrom = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StarOrders", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_StarCertificates_NotAfter",
                table: "StarCertificates",
                column: "NotAfter");

            migrationBuilder.CreateIndex(
                name: "IX_StarCertificates_SerialNumber",
                table: "StarCertificates",
                column: "SerialNumber",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_StarOrders_AccountId_Status_EndDate",
                table: "StarOrders",
                columns: new[] { "AccountId", "Status", "EndDate" });

            migrationBuilder.CreateIndex(
                name: "IX_StarOrders_CreatedAt",
                table: "StarOrders",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_StarOrders_DueAt",
                table: "StarOrders",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_StarOrders_EndDate",
                table: "StarOrders",
                column: "EndDate");

            migrationBuilder.CreateIndex(
                name: "IX_StarOrders_FetchId",
                table: "StarOrders",
                column: "FetchId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_StarOrders_TroubleSince",
                table: "StarOrders",
                column: "TroubleSince");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "StarCertificates");

            migrationBuilder.DropTable(
                name: "StarOrders");
        }
    }
}
