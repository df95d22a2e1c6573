using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StarPortal.Core.Data.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class Acme : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "AcmeAuthorizations",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    AccountId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Name = table.Column<string>(type: "nvarchar(260)", maxLength: 260, nullable: false),
                    IsWildcard = table.Column<bool>(type: "bit", nullable: false),
                    Status = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Revision = table.Column<int>(type: "int", nullable: false),
                    Waiver = table.Column<string>(type: "nvarchar(300)", maxLength: 300, nullable: true),
                    Seed = table.Column<string>(type: "nvarchar(43)", maxLength: 43, nullable: false),
                    Chosen = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    Attempts = table.Column<int>(type: "int", nullable: false),
                    DueAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    LeasedBy = table.Column<string>(type: "nvarchar(300)", maxLength: 300, nullable: true),
                    LeasedUntil = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    ValidatedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    Problem = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    ProblemDetail = table.Column<string>(type: "nvarchar(1000)", maxLength: 1000, nullable: true),
                    Trace = table.Column<string>(type: "nvarchar(4000)", maxLength: 4000, nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AcmeAuthorizations", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AcmeExternalAccountKeys",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    KeyId = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    SealedMacKey = table.Column<byte[]>(type: "varbinary(200)", maxLength: 200, nullable: false),
                    Label = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    OwnerId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    OrganisationId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    AllowedIdentifiers = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    WaivesChallenges = table.Column<bool>(type: "bit", nullable: false),
                    Profile = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    MaxUses = table.Column<int>(type: "int", nullable: true),
                    UseCount = table.Column<int>(type: "int", nullable: false),
                    RevokedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    CreatedBy = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AcmeExternalAccountKeys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AcmeMassEvents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    IssuedFrom = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    IssuedBefore = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    Profile = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    Suffix = table.Column<string>(type: "nvarchar(253)", maxLength: 253, nullable: true),
                    StartsAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    EndsAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    ExplanationUrl = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true),
                    Reason = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: false),
                    DeclaredBy = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    DeclaredAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    EndedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AcmeMassEvents", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AcmeNamespaces",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Suffix = table.Column<string>(type: "nvarchar(253)", maxLength: 253, nullable: false),
                    Challenge = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    OwnerId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    OrganisationId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    State = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Reason = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: false),
                    Note = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: false),
                    AskedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    DecidedBy = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    DecidedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AcmeNamespaces", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AcmeNodes",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    SeenAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AcmeNodes", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AcmeOrders",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    AccountId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Status = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Names = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    Authorizations = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    Profile = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Kind = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    NotBefore = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    NotAfter = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    Replaces = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true),
                    ReplacesClaim = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    FinalizedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    CertificateSerial = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: true),
                    Error = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    IsWaived = table.Column<bool>(type: "bit", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AcmeOrders", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AcmeUsedNonces",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    UsedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AcmeUsedNonces", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AcmeAccounts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Thumbprint = table.Column<string>(type: "nvarchar(43)", maxLength: 43, nullable: false),
                    Jwk = table.Column<string>(type: "nvarchar(2000)", maxLength: 2000, nullable: false),
                    Status = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Contacts = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    AgreedTerms = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true),
                    TermsAgreedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    OwnerId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    ExternalAccountKeyId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    ExternalAccountBinding = table.Column<string>(type: "nvarchar(max)", maxLength: 8000, nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    LastAddress = table.Column<string>(type: "nvarchar(60)", maxLength: 60, nullable: true),
                    LastUserAgent = table.Column<string>(type: "nvarchar(300)", maxLength: 300, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AcmeAccounts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AcmeAccounts_AcmeExternalAccountKeys_ExternalAccountKeyId",
                        column: x => x.ExternalAccountKeyId,
                        principalTable: "AcmeExternalAccountKeys",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_AcmeAccounts_CreatedAt",
                table: "AcmeAccounts",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_AcmeAccounts_ExternalAccountKeyId",
                table: "AcmeAccounts",
                column: "ExternalAccountKeyId");

            migrationBuilder.CreateIndex(
                name: "IX_AcmeAccounts_OwnerId",
                table: "AcmeAccounts",
                column: "OwnerId");

            migrationBuilder.CreateIndex(
                name: "IX_AcmeAccounts_Thumbprint",
                table: "AcmeAccounts",
                column: "Thumbprint",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AcmeAuthorizations_AccountId_CreatedAt",
                table: "AcmeAuthorizations",
                columns: new[] { "AccountId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_AcmeAuthorizations_DueAt",
                table: "AcmeAuthorizations",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_AcmeAuthorizations_Name_AccountId",
                table: "AcmeAuthorizations",
                columns: new[] { "Name", "AccountId" });

            migrationBuilder.CreateIndex(
                name: "IX_AcmeAuthorizations_Status_ExpiresAt",
                table: "AcmeAuthorizations",
                columns: new[] { "Status", "ExpiresAt" });

            migrationBuilder.CreateIndex(
                name: "IX_AcmeExternalAccountKeys_CreatedAt",
                table: "AcmeExternalAccountKeys",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_AcmeExternalAccountKeys_KeyId",
                table: "AcmeExternalAccountKeys",
                column: "KeyId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AcmeExternalAccountKeys_OwnerId",
                table: "AcmeExternalAccountKeys",
                column: "OwnerId");

            migrationBuilder.CreateIndex(
                name: "IX_AcmeMassEvents_DeclaredAt",
                table: "AcmeMassEvents",
                column: "DeclaredAt");

            migrationBuilder.CreateIndex(
                name: "IX_AcmeNamespaces_OwnerId_AskedAt",
                table: "AcmeNamespaces",
                columns: new[] { "OwnerId", "AskedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_AcmeNamespaces_State_AskedAt",
                table: "AcmeNamespaces",
                columns: new[] { "State", "AskedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_AcmeNamespaces_Suffix_State",
                table: "AcmeNamespaces",
                columns: new[] { "Suffix", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_AcmeOrders_AccountId_CreatedAt",
                table: "AcmeOrders",
                columns: new[] { "AccountId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_AcmeOrders_ReplacesClaim",
                table: "AcmeOrders",
                column: "ReplacesClaim",
                unique: true,
                filter: "[ReplacesClaim] IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AcmeOrders_Status_ExpiresAt",
                table: "AcmeOrders",
                columns: new[] { "Status", "ExpiresAt" });

            migrationBuilder.CreateIndex(
                name: "IX_AcmeUsedNonces_UsedAt",
                table: "AcmeUsedNonces",
                column: "UsedAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AcmeAccounts");

            migrationBuilder.DropTable(
                name: "AcmeAuthorizations");

            migrationBuilder.DropTable(
                name: "AcmeMassEvents");

            migrationBuilder.DropTable(
                name: "AcmeNamespaces");

            migrationBuilder.DropTable(
                name: "AcmeNodes");

            migrationBuilder.DropTable(
                name: "AcmeOrders");

            migrationBuilder.DropTable(
                name: "AcmeUsedNonces");

            migrationBuilder.DropTable(
                name: "AcmeExternalAccountKeys");
        }
    }
}
