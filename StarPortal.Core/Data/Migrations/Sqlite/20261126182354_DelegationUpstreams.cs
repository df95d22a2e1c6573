using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StarPortal.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class DelegationUpstreams : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "PresentedChallenges",
                columns: table => new
                {
                    Token = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    KeyAuthorization = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PresentedChallenges", x => x.Token);
                });

            migrationBuilder.CreateIndex(
                name: "IX_PresentedChallenges_ExpiresAt",
                table: "PresentedChallenges",
                column: "ExpiresAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "PresentedChallenges");
        }
    }
}
