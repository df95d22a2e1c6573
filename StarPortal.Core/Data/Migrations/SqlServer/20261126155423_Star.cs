using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StarPortal.Core.Data.Migrations.SqlServer
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
                    OrderId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Slot = table.Column<long>(type: "bigint", nullable: false),
                    SerialNumber = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    NotBefore = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    NotAfter = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    IssuedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    Der = table.Column<byte[]>(type: "varbinary(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StarCertificates", x => new { x.OrderId, x.Slot });
                });

            migrationBuilder.CreateTable(
                name: "StarOrders",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    AccountId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    FetchId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Status = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Names = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    Profile = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    StartDate = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    StartsAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    EndDate = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    Lifetime = table.Column<long>(type: "bigint", nullable: false),
                    LifetimeAdjust = table.Column<long>(type: "bigint", nullable: false),
                    AllowCertificateGet = table.Column<bool>(type: "bit", nullable: false),
                    IsDraft = table.Column<bool>(type: "bit", nullable: false),
                    KeyHash = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true),
                    PublicKeyInfo = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    Grants = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    Issuer = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    Body = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    BodyMadeBy = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    NextSlot = table.Column<long>(type: "bigint", nullable: false),
                    DueAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    Trouble = table.Column<string>(type: "nvarchar(1000)", maxLength: 1000, nullable: true),
                    TroubleSince = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    LastNotAfter = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    CanceledAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    CancelReason = table.Column<string>(type: "nvarchar(1000)", maxLength: 1000, nullable: true),
                    Fetches = table.Column<long>(type: "bigint", nullable: false),
                    LastFetchAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    LastFetchFrom = table.Column<string>(type: "nvarchar(60)", maxLength: 60, nullable: true)
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
