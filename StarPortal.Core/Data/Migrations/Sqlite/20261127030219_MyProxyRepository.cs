using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StarPortal.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class MyProxyRepository : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "LogonAttempts",
                columns: table => new
                {
                    UserHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Count = table.Column<int>(type: "INTEGER", nullable: false),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LogonAttempts", x => x.UserHash);
                });

            migrationBuilder.CreateTable(
                name: "StoredCredentials",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    UserName = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    CredentialName = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    UserHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    NameHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Owner = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    OwnerHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Subject = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    Origin = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    UserId = table.Column<Guid>(type: "TEXT", nullable: true),
                    CertificateId = table.Column<Guid>(type: "TEXT", nullable: true),
                    KeyKind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    KeyForm = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    SealedKey = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Chain = table.Column<byte[]>(type: "BLOB", nullable: false),
                    NotBefore = table.Column<long>(type: "INTEGER", nullable: false),
                    NotAfter = table.Column<long>(type: "INTEGER", nullable: false),
                    Description = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    MaxLifetime = table.Column<long>(type: "INTEGER", nullable: true),
                    Retrievers = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    KeyRetrievers = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    TrustedRetrievers = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    Renewers = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    LockMessage = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    LockedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    StoredAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastUsedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastUsedBy = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true),
                    LastUsedFrom = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StoredCredentials", x => x.Id);
                    table.ForeignKey(
                        name: "FK_StoredCredentials_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_StoredCredentials_CertificateBodies_CertificateId",
                        column: x => x.CertificateId,
                        principalTable: "CertificateBodies",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_LogonAttempts_LastAt",
                table: "LogonAttempts",
                column: "LastAt");

            migrationBuilder.CreateIndex(
                name: "IX_StoredCredentials_CertificateId",
                table: "StoredCredentials",
                column: "CertificateId");

            migrationBuilder.CreateIndex(
                name: "IX_StoredCredentials_NameHash",
                table: "StoredCredentials",
                column: "NameHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_StoredCredentials_NotAfter",
                table: "StoredCredentials",
                column: "NotAfter");

            migrationBuilder.CreateIndex(
                name: "IX_StoredCredentials_OwnerHash",
                table: "StoredCredentials",
                column: "OwnerHash");

            migrationBuilder.CreateIndex(
                name: "IX_StoredCredentials_UserHash",
                table: "StoredCredentials",
                column: "UserHash");

            migrationBuilder.CreateIndex(
                name: "IX_StoredCredentials_UserId",
                table: "StoredCredentials",
                column: "UserId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "LogonAttempts");

            migrationBuilder.DropTable(
                name: "StoredCredentials");
        }
    }
}
