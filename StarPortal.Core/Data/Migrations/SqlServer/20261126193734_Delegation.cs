using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StarPortal.Core.Data.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class Delegation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_AcmeAccounts_Thumbprint",
                table: "AcmeAccounts");

            migrationBuilder.AddColumn<bool>(
                name: "AllowCertificateGet",
                table: "AcmeOrders",
                type: "bit",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "Directory",
                table: "AcmeExternalAccountKeys",
                type: "nvarchar(40)",
                maxLength: 40,
                nullable: false,
                defaultValue: "/acme");

            migrationBuilder.AddColumn<string>(
                name: "Directory",
                table: "AcmeAccounts",
                type: "nvarchar(40)",
                maxLength: 40,
                nullable: false,
                defaultValue: "/acme");

            migrationBuilder.CreateTable(
                name: "DelegationConsumers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    OwnerId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Name = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    EndedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DelegationConsumers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "PresentedChallenges",
                columns: table => new
                {
                    Token = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    KeyAuthorization = table.Column<string>(type: "nvarchar(300)", maxLength: 300, nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PresentedChallenges", x => x.Token);
                });

            migrationBuilder.CreateTable(
                name: "UpstreamRegistrations",
                columns: table => new
                {
                    Name = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Directory = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: false),
                    SealedKey = table.Column<byte[]>(type: "varbinary(1000)", maxLength: 1000, nullable: false),
                    NextSealedKey = table.Column<byte[]>(type: "varbinary(1000)", maxLength: 1000, nullable: true),
                    AccountUrl = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    KeyChangedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UpstreamRegistrations", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "ConsumerCredentials",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ConsumerId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Kind = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Label = table.Column<string>(type: "nvarchar(300)", maxLength: 300, nullable: false),
                    Secret = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    ExternalAccountKeyId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    RevokedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    LastUsedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ConsumerCredentials", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ConsumerCredentials_DelegationConsumers_ConsumerId",
                        column: x => x.ConsumerId,
                        principalTable: "DelegationConsumers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "NameDelegations",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    OwnerId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ConsumerId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    State = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Names = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    Template = table.Column<string>(type: "nvarchar(max)", maxLength: 16384, nullable: false),
                    CnameMap = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    MaxLifetime = table.Column<int>(type: "int", nullable: false),
                    MaxValidity = table.Column<int>(type: "int", nullable: false),
                    Upstream = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Approval = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    EndedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NameDelegations", x => x.Id);
                    table.ForeignKey(
                        name: "FK_NameDelegations_DelegationConsumers_ConsumerId",
                        column: x => x.ConsumerId,
                        principalTable: "DelegationConsumers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "DelegatedOrders",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    DelegationId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    OwnerId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ConsumerId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    AccountId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    Door = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Status = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Revision = table.Column<int>(type: "int", nullable: false),
                    IdempotencyKey = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true),
                    Names = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    IsStar = table.Column<bool>(type: "bit", nullable: false),
                    StartDate = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    EndDate = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    Days = table.Column<int>(type: "int", nullable: true),
                    Lifetime = table.Column<long>(type: "bigint", nullable: false),
                    LifetimeAdjust = table.Column<long>(type: "bigint", nullable: false),
                    AllowsGet = table.Column<bool>(type: "bit", nullable: false),
                    Csr = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    KeyHash = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true),
                    Upstream = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    UpstreamOrder = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true),
                    CertificateUrl = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true),
                    Reason = table.Column<string>(type: "nvarchar(2000)", maxLength: 2000, nullable: true),
                    Detail = table.Column<string>(type: "nvarchar(2000)", maxLength: 2000, nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    DecidedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    DecidedBy = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    ValidAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    EndedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    DueAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    Failures = table.Column<int>(type: "int", nullable: false),
                    LastNotAfter = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    Fetches = table.Column<long>(type: "bigint", nullable: false),
                    LastFetchAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    LastFetchFrom = table.Column<string>(type: "nvarchar(60)", maxLength: 60, nullable: true),
                    IsCancelPending = table.Column<bool>(type: "bit", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DelegatedOrders", x => x.Id);
                    table.ForeignKey(
                        name: "FK_DelegatedOrders_NameDelegations_DelegationId",
                        column: x => x.DelegationId,
                        principalTable: "NameDelegations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "KeptCertificates",
                columns: table => new
                {
                    OrderId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Number = table.Column<int>(type: "int", nullable: false),
                    Pem = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    SerialNumber = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    NotBefore = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    NotAfter = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    RenewalId = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true),
                    IssuedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_KeptCertificates", x => new { x.OrderId, x.Number });
                    table.ForeignKey(
                        name: "FK_KeptCertificates_DelegatedOrders_OrderId",
                        column: x => x.OrderId,
                        principalTable: "DelegatedOrders",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_AcmeAccounts_Thumbprint_Directory",
                table: "AcmeAccounts",
                columns: new[] { "Thumbprint", "Directory" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ConsumerCredentials_ConsumerId",
                table: "ConsumerCredentials",
                column: "ConsumerId");

            migrationBuilder.CreateIndex(
                name: "IX_ConsumerCredentials_ExternalAccountKeyId",
                table: "ConsumerCredentials",
                column: "ExternalAccountKeyId");

            migrationBuilder.CreateIndex(
                name: "IX_ConsumerCredentials_Secret",
                table: "ConsumerCredentials",
                column: "Secret",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DelegatedOrders_AccountId_CreatedAt",
                table: "DelegatedOrders",
                columns: new[] { "AccountId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_DelegatedOrders_ConsumerId_IdempotencyKey",
                table: "DelegatedOrders",
                columns: new[] { "ConsumerId", "IdempotencyKey" },
                unique: true,
                filter: "[ConsumerId] IS NOT NULL AND [IdempotencyKey] IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_DelegatedOrders_DelegationId_CreatedAt",
                table: "DelegatedOrders",
                columns: new[] { "DelegationId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_DelegatedOrders_EndedAt",
                table: "DelegatedOrders",
                column: "EndedAt");

            migrationBuilder.CreateIndex(
                name: "IX_DelegatedOrders_Failures_Status",
                table: "DelegatedOrders",
                columns: new[] { "Failures", "Status" });

            migrationBuilder.CreateIndex(
                name: "IX_DelegatedOrders_OwnerId_Status_CreatedAt",
                table: "DelegatedOrders",
                columns: new[] { "OwnerId", "Status", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_DelegatedOrders_Upstream_DueAt",
                table: "DelegatedOrders",
                columns: new[] { "Upstream", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_DelegationConsumers_OwnerId",
                table: "DelegationConsumers",
                column: "OwnerId");

            migrationBuilder.CreateIndex(
                name: "IX_KeptCertificates_NotAfter",
                table: "KeptCertificates",
                column: "NotAfter");

            migrationBuilder.CreateIndex(
                name: "IX_NameDelegations_ConsumerId",
                table: "NameDelegations",
                column: "ConsumerId");

            migrationBuilder.CreateIndex(
                name: "IX_NameDelegations_OwnerId",
                table: "NameDelegations",
                column: "OwnerId");

            migrationBuilder.CreateIndex(
                name: "IX_PresentedChallenges_ExpiresAt",
                table: "PresentedChallenges",
                column: "ExpiresAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ConsumerCredentials");

            migrationBuilder.DropTable(
                name: "KeptCertificates");

            migrationBuilder.DropTable(
                name: "PresentedChallenges");

            migrationBuilder.DropTable(
                name: "UpstreamRegistrations");

            migrationBuilder.DropTable(
                name: "DelegatedOrders");

            migrationBuilder.DropTable(
                name: "NameDelegations");

            migrationBuilder.DropTable(
                name: "DelegationConsumers");

            migrationBuilder.DropIndex(
                name: "IX_AcmeAccounts_Thumbprint_Directory",
                table: "AcmeAccounts");

            migrationBuilder.DropColumn(
                name: "AllowCertificateGet",
                table: "AcmeOrders");

            migrationBuilder.DropColumn(
                name: "Directory",
                table: "AcmeExternalAccountKeys");

            migrationBuilder.DropColumn(
                name: "Directory",
                table: "AcmeAccounts");

            migrationBuilder.CreateIndex(
                name: "IX_AcmeAccounts_Thumbprint",
                table: "AcmeAccounts",
                column: "Thumbprint",
                unique: true);
        }
    }
}
