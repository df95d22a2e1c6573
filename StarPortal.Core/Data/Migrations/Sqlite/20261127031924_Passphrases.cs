using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StarPortal.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Passphrases : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Not DropColumn: on SQLite that makes the table anew as this migration knows it, without the columns that others add beside it.
            migrationBuilder.Sql("ALTER TABLE \"AspNetUsers\" DROP COLUMN \"PassphraseHint\";");
            migrationBuilder.Sql("ALTER TABLE \"EnrollmentRequests\" DROP COLUMN \"PassphraseHint\";");

            migrationBuilder.AddColumn<string>(
                name: "NewPassphraseHash",
                table: "EnrollmentRequests",
                type: "TEXT",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Kind",
                table: "EnrollmentRequests",
                type: "TEXT",
                maxLength: 40,
                nullable: false,
                defaultValue: "Certificate");

            migrationBuilder.AddColumn<byte[]>(
                name: "NewHint",
                table: "EnrollmentRequests",
                type: "BLOB",
                maxLength: 1200,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "OpenRecoveryOf",
                table: "EnrollmentRequests",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "SealedHint",
                table: "AspNetUsers",
                type: "BLOB",
                maxLength: 1200,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "PersonRemovals",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    UserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    OpenUserId = table.Column<Guid>(type: "TEXT", nullable: true),
                    UserName = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    OrganisationId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    AskedBy = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    AskedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EarlierLock = table.Column<long>(type: "INTEGER", nullable: true),
                    Status = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    UndoneBy = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PersonRemovals", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "RecoveryAttempts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    UserId = table.Column<Guid>(type: "TEXT", nullable: true),
                    EncryptedKey = table.Column<byte[]>(type: "BLOB", nullable: false),
                    PublicKeyInfo = table.Column<byte[]>(type: "BLOB", nullable: false),
                    PassphraseHash = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Hint = table.Column<byte[]>(type: "BLOB", maxLength: 1200, nullable: true),
                    AskedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RecoveryAttempts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_RecoveryAttempts_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_EnrollmentRequests_OpenRecoveryOf",
                table: "EnrollmentRequests",
                column: "OpenRecoveryOf",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_PersonRemovals_OpenUserId",
                table: "PersonRemovals",
                column: "OpenUserId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_PersonRemovals_Status_DueAt",
                table: "PersonRemovals",
                columns: new[] { "Status", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_RecoveryAttempts_AskedAt",
                table: "RecoveryAttempts",
                column: "AskedAt");

            migrationBuilder.CreateIndex(
                name: "IX_RecoveryAttempts_UserId",
                table: "RecoveryAttempts",
                column: "UserId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "PersonRemovals");

            migrationBuilder.DropTable(
                name: "RecoveryAttempts");

            migrationBuilder.DropIndex(
                name: "IX_EnrollmentRequests_OpenRecoveryOf",
                table: "EnrollmentRequests");

            migrationBuilder.DropColumn(
                name: "Kind",
                table: "EnrollmentRequests");

            migrationBuilder.DropColumn(
                name: "NewHint",
                table: "EnrollmentRequests");

            migrationBuilder.DropColumn(
                name: "OpenRecoveryOf",
                table: "EnrollmentRequests");

            migrationBuilder.DropColumn(
                name: "SealedHint",
                table: "AspNetUsers");

            migrationBuilder.DropColumn(
                name: "NewPassphraseHash",
                table: "EnrollmentRequests");

            migrationBuilder.AddColumn<string>(
                name: "PassphraseHint",
                table: "EnrollmentRequests",
                type: "TEXT",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "PassphraseHint",
                table: "AspNetUsers",
                type: "TEXT",
                maxLength: 200,
                nullable: true);
        }
    }
}
